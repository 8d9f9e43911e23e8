package sys

import (
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestMoreSecretsAreMasked has the forms in which people really write secrets, beside names
// and shapes: in commands, directives, data sources, lists, and over several lines.
func TestMoreSecretsAreMasked(t *testing.T) {
	t.Parallel()
	const s = "hunter2Qx7"
	for _, raw := range []string{
		// Azure, and queries.
		"DefaultEndpointsProtocol=https;AccountName=shop;AccountKey=hunter2Qx7==;EndpointSuffix=core.windows.net",
		"Endpoint=sb://x.servicebus.windows.net/;SharedAccessKeyName=Root;SharedAccessKey=hunter2Qx7=",
		"GET https://x.blob.core.windows.net/c?sv=2022&sp=r&sig=hunter2Qx7%3D 200", "POST /api/f?code=hunter2Qx7== HTTP/1.1", "/callback?state=1&amp;code=hunter2Qx7",
		"/maps?key=hunter2Qx7&x=1", "/login?next=%2Fx%3Ftoken%3Dhunter2Qx7%26a%3D1", "/x?X-Amz-Signature=hunter2Qx7&y",
		// Commands.
		"curl -u ann:hunter2Qx7 http://x/", "curl -sSu ann:hunter2Qx7 http://x/", "curl --user ann:hunter2Qx7 x", "curl --user=ann:hunter2Qx7 x", "curl -u 'ann:my hunter2Qx7' x", "/usr/bin/curl -uann:hunter2Qx7 x",
		"mysql -u root -phunter2Qx7 shop", "mysqldump -uroot -p'x hunter2Qx7' shop", "sshpass -p hunter2Qx7 ssh -p 22 h", "sshpass -phunter2Qx7 ssh h", "redis-cli -h x -a hunter2Qx7 ping",
		"docker login -u ann -p hunter2Qx7 registry", "docker --host x login -p hunter2Qx7", "bash -c 'mysql -phunter2Qx7 shop'", `ExecStart=/bin/sh -c "sshpass -p hunter2Qx7 rsync a b"`,
		`["mysql", "-phunter2Qx7", "shop"]`, `['sshpass', '-p', 'hunter2Qx7', 'ssh']`, "ldapsearch -x -D cn=a -w hunter2Qx7 b", "mongosh -u a -p hunter2Qx7", "http -a ann:hunter2Qx7 GET x",
		"sqlplus scott/hunter2Qx7@db", "openssl rsa -in k -passin pass:hunter2Qx7", "keytool -storepass hunter2Qx7 -list", "wget --password=hunter2Qx7 x", "psql --password hunter2Qx7",
		"PGPASSWORD=hunter2Qx7 psql -h db", "REDISCLI_AUTH=hunter2Qx7 redis-cli", "serve --token 'a hunter2Qx7' x", `["serve", "--token", "hunter2Qx7"]`, "smbclient -U ann%hunter2Qx7 //h/s", "unzip -P hunter2Qx7 a.zip",
		"java -Dspring.datasource.password=hunter2Qx7 -jar x",
		// Data sources.
		"oracle://scott/hunter2Qx7@db:1521/x", "oracle+oracledb://scott/hunter2Qx7@db", "jdbc:oracle:thin:scott/hunter2Qx7@//db:1521/x", "app:hunter2Qx7@tcp(127.0.0.1:3306)/shop",
		"mssql+pyodbc://sa:hunter2Qx7@db/x?driver=a", "amqps://u:hunter2Qx7@mq", "mongodb+srv://u:hunter2Qx7@c0.mongodb.net/x", "ftp://u:hunter2Qx7@h/x", "jdbc:postgresql://db/x?user=a&password=hunter2Qx7",
		"Server=db;Database=x;User Id=sa;Password=hunter2Qx7;", "host=db user=app password=hunter2Qx7 dbname=x",
		// Directives.
		"fastcgi_param DB_PASSWORD hunter2Qx7;", `uwsgi_param SECRET_KEY "hunter2Qx7";`, "proxy_set_header X-Api-Key hunter2Qx7;", `grpc_set_header Authorization "x hunter2Qx7";`, `add_header X-Auth-Token "hunter2Qx7" always;`,
		"set $api_token hunter2Qx7;", `set $auth_password "a hunter2Qx7";`, "env API_TOKEN=hunter2Qx7;", `more_set_headers "X-Api-Key: hunter2Qx7";`, "secure_link_secret hunter2Qx7;", `if ($http_x_api_key != "hunter2Qx7") {`,
		"SetEnv DB_PASSWORD hunter2Qx7", `RequestHeader set X-Api-Key "hunter2Qx7"`, "ENV DB_PASSWORD hunter2Qx7", "http-request set-header X-Api-Key hunter2Qx7", "    header_up X-Api-Key hunter2Qx7",
		// Over lines.
		"PASSWORD=\nhunter2Qx7\n", "DB_PASSWORD=\\\nhunter2Qx7 \\\nDEBUG=1", "serve --password \\\n    hunter2Qx7 \\\n  --port 1", "password:\n  hunter2Qx7\nuser: x", "password: |\n  one hunter2Qx7\n  two hunter2Qx7\nuser: x", "password: >-\n\n  hunter2Qx7\n",
		"- name: DB_PASSWORD\n  value: hunter2Qx7\n- name: X\n  value: y", `{"name":"DB_PASSWORD","value":"hunter2Qx7"}`, `SECRET_KEY = "hunter2Qx7" \\`,
		// Characters that hide.
		"PASSWORD\u200b=hunter2Qx7", "PASS\u200bWORD=hunter2Qx7", "PASSWORD\u00a0= hunter2Qx7", "PASSWORD\u202e:\u00adhunter2Qx7", "--token\u00a0hunter2Qx7", "PASS\x1b[1mWORD\x1b[0m=hunt\x1b[31mer2Qx7", "pass\ufeffword: hunter2Qx7",
		// Code and documents.
		"'SECRET_KEY': b'hunter2Qx7'", `("SECRET_KEY", "hunter2Qx7")`, `os.environ.setdefault("SECRET_KEY", 'hunter2Qx7')`, "<password>hunter2Qx7</password>", `<add name="ApiPassword" value="hunter2Qx7"/>`, "{'Cookie': 'a=hunter2Qx7'}", `"Set-Cookie": "a=hunter2Qx7"`,
		`password = "hunter2Qx7"`, "PHPSESSID=hunter2Qx7", "db_pass: 1, db_pass=hunter2Qx7", "SMTP_PASS=hunter2Qx7", "Ocp-Apim-Subscription-Key: hunter2Qx7",
	} {
		got := string(Safe(raw))
		if strings.Contains(got, s) || !strings.Contains(got, Mask) {
			t.Errorf("Safe(%q) = %q", raw, got)
		}
		if again := string(Safe(got)); again != got {
			t.Errorf("not idempotent: %q, %q", got, again)
		}
	}
}

// TestTokenForms: each kind of token is known by itself, in a sentence, a path and a URL.
func TestTokenForms(t *testing.T) {
	t.Parallel()
	letters := "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8s9T0"
	tokens := []string{
		"123456789:AAF" + letters[:32], "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0." + letters, "glpat-" + letters[:20], "hf_" + letters[:34], "whsec_" + letters[:32], "ya29.a0" + letters, "AGE-SECRET-KEY-1" + strings.ToUpper(letters),
		"xapp-1-A0-123-" + letters[:12], "xoxb-123456789012-" + letters[:24], "npm_" + letters[:36], "pypi-AgEIcHlwaS5vcmc" + letters, "SG." + letters[:22] + "." + letters[:40], "dop_v1_" + letters, "github_pat_" + letters,
		"AKIA" + strings.ToUpper(letters[:16]), "sk_live_" + letters[:24],
	}
	for _, form := range tokenForms() {
		if form.characters != tokenLink {
			tokens = append(tokens, form.beginning+letters[:max(form.least, 16)])
		}
	}
	for _, token := range tokens {
		secret := token[len(token)-8:]
		for _, raw := range []string{token, "got " + token + " from", "/srv/x/" + token + "/y", "https://h/" + token, `{"x":"` + token + `"}`, "https://api.telegram.org/bot" + token + "/getMe"} {
			if strings.Contains(raw, "/bot") && token[0] > '9' {
				continue
			}
			if got := string(Safe(raw)); strings.Contains(got, secret) {
				t.Errorf("Safe(%q) = %q", raw, got)
			}
		}
	}
	if got := Safe("https://hooks.slack.com/services/T0/B0/abcdefgh done"); got != "https://hooks.slack.com/services/*** done" {
		t.Errorf("%q", got)
	}
}

// TestTruthStaysReadable: what a verdict rests on is not masked because it looks like a
// secret, or stands where one could.
func TestTruthStaysReadable(t *testing.T) {
	t.Parallel()
	for _, raw := range []string{
		"commit 4b1d8e512dba79e4c8300dd08aeb37f8e728b8dad", "sha256:4b1dff9e53f313a99a6b3019a5155a8febcba2e073f06f43bead1030efc61e04", "docker://registry.example/shop@sha256:08d4ff9e53f313a99a6b3019a5155a8febcba2e073f06f43bead1030efc61e04",
		"oci://registry.example/shop@1.2", "git+https://github.com/a/b@v1.2.3", "https://host/@user/x", "unix:///run/user/1000/app@blue.sock",
		"/srv/shop/releases/20251122-101500-hf_fix/app.py", "/static/app.3f9a8c1b2d4e.css", "releases/sk-learn-update-2025", "python3 -p 8000 app.py", "docker run -p 80:80 -u 1000:1000 shop", "docker compose -p shop up -d", "ssh -p 22 host", "gunicorn -w 4 -u web -b 127.0.0.1:8000 shop:app",
		"curl -u ann http://x/", "curl -s -o /dev/null http://127.0.0.1:8000/", "mysql -u root -p shop", "mkdir -p /srv/shop", "rsync -a src/ dst/", "supervisorctl -c /etc/supervisor/supervisord.conf restart shop", "nginx -p /opt/nginx -c conf/nginx.conf",
		"fastcgi_param SCRIPT_FILENAME $document_root$fastcgi_script_name;", "proxy_set_header Host $host;", "proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;", "proxy_set_header Cookie $http_cookie;", "proxy_set_header Authorization $http_authorization;",
		"add_header X-Release 20251122-101500;", "add_header Cache-Control \"public, max-age=3600\";", "auth_basic_user_file /etc/nginx/htpasswd;", "ssl_password_file /etc/nginx/pw;", "set $release 41be07d;", "ENV APP_RELEASE 41be07d", "proxy_cache_bypass $cookie_nocache;", "proxy_cache_key $scheme$host$request_uri;",
		"GET /error?code=404 HTTP/1.1", "GET /?page=2&sort=key HTTP/1.1", "exit code: 1", "code=exited, status=1/FAILURE", "key: value", "Main PID: 103 (code=exited, status=203/EXEC)",
		"SECRET_KEY=\nDEBUG=1\n", "PASSWORD=\n[Service]\n", "token:\n  - a\n", "session:\nopened at ten", "-----BEGIN CERTIFICATE-----\nMIID\n-----END CERTIFICATE-----", "password:\nnext: x",
		"10:15:30 123456789:ab", "2025-11-22T10:15:30 pid 12345678:9", "basic auth is on", "Basic usage: shop", "a caf\u00e9 au lait", "Erreur\u00a0: fichier absent", "a\u200bb", "<title>shop</title>", "List<String> password", "-> token", "x => y", "value=3", `{"name":"release","value":"41be07d"}`,
		"ASIA-PACIFIC-REGION-EAST-1", "API-gateway-production-deployment-of-2025-11", "npm_config_user_agent_of_this_very_process", "re_compile_this", "%Y-%m-%d", "100%", "compass=north", "bypass=1", "expires=3600", "pwd: /srv/shop", "/srv/shop/secret/app.py changed", "keys.py", "token.py:12: in load", "auth.py", "https://shop.example/pass/the/salt",
	} {
		if got := string(Safe(raw)); strings.Contains(got, Mask) {
			t.Errorf("Safe(%q) = %q", raw, got)
		}
	}
}

func TestRedactArgvOfPrograms(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]string{
		"mysql -u root -psecret shop":     "mysql -u root -p*** shop",
		"sudo -n -- mysql -psecret":       "sudo -n -- mysql -p***",
		"sshpass -p secret ssh -p 22 h":   "sshpass -p *** ssh -p 22 h",
		"curl -u ann:secret http://x/":    "curl -u *** http://x/",
		"curl -u ann http://x/":           "curl -u ann http://x/",
		"docker run -p 80:80 shop":        "docker run -p 80:80 shop",
		"docker login -p secret r":        "docker login -p *** r",
		"redis-cli -a secret":             "redis-cli -a ***",
		"keytool -storepass secret -list": "keytool -storepass *** -list",
		"sh -c true":                      "sh -c true",
		"mysql -p":                        "mysql -p",
		"curl -u":                         "curl -u",
	} {
		var words []string
		for _, word := range RedactArgv(strings.Fields(line)) {
			words = append(words, string(word))
		}
		if got := strings.Join(words, " "); got != want {
			t.Errorf("%s: %s", line, got)
		}
	}
	if got := RedactArgv([]string{"sh", "-c", "mysql -phunter2 shop"}); !slices.Equal(got, []Text{"sh", "-c", "mysql -p*** shop"}) {
		t.Errorf("%q", got)
	}
}

// TestLinesThatComeOneByOne: what a line says of the next one holds in a stream too.
func TestLinesThatComeOneByOne(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"PASSWORD=\nhunter2\nok": "PASSWORD=\n***\nok", "password: |\n  a b\n  c\nuser: x": "password: |\n  ***\n  ***\nuser: x",
		"10:15 web[7]: DB_PASSWORD=\n10:15 web[7]: hunter2\n10:15 web[7]: ok go":   "10:15 web[7]: DB_PASSWORD=\n10:15 web[7]: ***\n10:15 web[7]: ok go",
		"web-1  | password: |\nweb-1  |   a b\nweb-1  | user: x":                   "web-1  | password: |\nweb-1  |   ***\nweb-1  | user: x",
		"a[7]:     PASSWORD=\na[7]:     ^^^^~~\na[7]:     hunter2\"\"\" \" more\n": "a[7]:     PASSWORD=\na[7]:     ^^^^~~\na[7]:     ***\"\"\" \" more\n",
		"x --token \\\n  abc \\\n  y":                                              "x --token \\\n  *** \\\n  y", "a\nb": "a\nb",
	} {
		var filter secretLines
		var lines []string
		for line := range strings.SplitSeq(text, "\n") {
			lines = append(lines, filter.line(line))
		}
		if got := strings.Join(lines, "\n"); got != want {
			t.Errorf("%q: %q", text, got)
		}
	}
}

// BenchmarkRedact has what redaction runs over: a log, and a dump of Nginx's configuration.
func BenchmarkRedact(b *testing.B) {
	log := strings.Repeat("[2026-11-23 18:46:30 +0000] [103] [INFO] 10.0.0.7 - - \"GET /orders/17?page=2 HTTP/1.1\" 200 512 \"-\" \"curl/8.14\" at unix:/run/shop.sock\n", 3500)
	dump := strings.Repeat("    location /api/ { proxy_set_header Host $host; proxy_set_header X-Real-IP $remote_addr; fastcgi_param QUERY_STRING $query_string; proxy_pass http://shop; }\n", 3300)
	for name, text := range map[string]string{"log": log, "nginx": dump} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				redact(text)
			}
		})
	}
}

// TestRedactIsLinear: eight times the text takes about eight times the processor's time,
// whatever somebody fills it with. What grows with the square would take 64 times as much.
func TestRedactIsLinear(t *testing.T) {
	const size, more, most = 32 << 10, 8, 32
	for _, unit := range []string{
		"curl ", "curl -u ", "mysql \"-px ", "a:b@tcp(", "a/b@//", "x://u/p@", "password=\n", "password: |\n", "\"password\", ", "<password>", "token%3D", "?sig=", "basic QTpC ", "--token ", "-password ", "name value=",
		"proxy_set_header X-Key ", "ENV ", "eyJa.", "123456789:", "ghp_", "<U+200B>", "password='", "PASSWORD\\\n", "===", "\"\"\"", "\u00a0", "bearer ", "-----BEGIN ", "name=\"", "set $token ",
	} {
		shortest := func(size int) time.Duration {
			text := strings.Repeat(unit, size/len(unit))
			best := time.Hour
			for range 4 {
				began := processorTime(t)
				redact(revealed(text))
				best = min(best, processorTime(t)-began)
			}
			return best
		}
		short, long := shortest(size), shortest(more*size)
		if long > most*max(short, time.Millisecond) {
			t.Errorf("%q: %s for %d bytes, %s for %d", unit, short, size, long, more*size)
		}
	}
}

// processorTime is what this process has used, however busy the machine is.
func processorTime(t *testing.T) time.Duration {
	t.Helper()
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		t.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
