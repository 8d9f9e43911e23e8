package sys

import (
	"slices"
	"strings"
	"testing"
)

func TestSecretsAreMasked(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ raw, want string }{
		// By the name of a variable.
		{"SECRET_KEY=hunter2", "SECRET_KEY=***"},
		{"SECRET_KEY=two words", "SECRET_KEY=***"},
		{"export DB_PASSWORD=hunter2", "export DB_PASSWORD=***"},
		{`Environment="API_KEY=a b" DEBUG=1`, `Environment="API_KEY=***" DEBUG=1`},
		{"DEBUG=1 AUTH_TOKEN=abc PORT=80", "DEBUG=1 AUTH_TOKEN=*** PORT=80"},
		{"SENTRY_DSN=https://abc@o1.ingest.sentry.io/2", "SENTRY_DSN=***"},
		{"password = 'it''s'", "password = '***'"},
		{"db_pwd=x", "db_pwd=***"},
		{"FERNET_KEY=abc=", "FERNET_KEY=***"},
		{"sessionid=abc; path=/", "sessionid=***"},
		// JSON, YAML and Python.
		{`{"password": "a\"b", "user": "ann"}`, `{"password": "***", "user": "ann"}`},
		{`{\"token\": \"abc\", \"n\": 1}`, `{\"token\": \"***\", \"n\": 1}`},
		{"password: hunter2", "password: ***"},
		{"app.config['SECRET_KEY'] = 'abc'", "app.config['SECRET_KEY'] = '***'"},
		{"clientSecret=abc", "clientSecret=***"},
		// Options and queries.
		{"serve --api-token abc --port 80", "serve --api-token *** --port 80"},
		{"serve --password=abc x", "serve --password=*** x"},
		{"serve --password 'a b' x", "serve --password '***' x"},
		{"GET /x?token=abc&page=2 200", "GET /x?token=***&page=2 200"},
		// Headers.
		{"Authorization: Basic dXNlcjpwYXNz", "Authorization: ***"},
		{"curl -H 'Authorization: Bearer abc' http://x/", "curl -H 'Authorization: ***' http://x/"},
		{"Set-Cookie: session=abc; HttpOnly", "Set-Cookie: ***"},
		{`proxy_set_header Authorization "Basic dXNlcjpw";`, `proxy_set_header Authorization "***";`},
		{"X-Api-Key: abc", "X-Api-Key: ***"},
		{"sent Bearer abc123.def456-x to", "sent Bearer ***"},
		// URLs.
		{"postgres://app:hunter2@db/shop", "postgres://***@db/shop"},
		{"postgres://app:p@ss/w@db/shop", "postgres://***@db/shop"},
		{"https://x-access-token:abc@github.com/a/b.git", "https://***@github.com/a/b.git"},
		{"https://0123456789abcdef0123@host/", "https://***@host/"},
		{"redis://:hunter2@cache:6379/0", "redis://***@cache:6379/0"},
		// Shapes.
		{"key AKIAIOSFODNN7EXAMPLE used", "key *** used"},
		{"ghp_abcdefghijklmnopqrst0123456789", "***"},
		{"xoxb-123456789012-abcdef", "***"},
		{"got eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abc-def_g", "got ***"},
		{"https://hooks.slack.com/services/T0/B0/abc done", "https://hooks.slack.com/services/*** done"},
		{"x\n-----BEGIN RSA PRIVATE KEY-----\nMIIE\nabc\n-----END RSA PRIVATE KEY-----\ny", "x\n-----BEGIN RSA PRIVATE KEY-----\n***\n-----END RSA PRIVATE KEY-----\ny"},
		{"-----BEGIN PRIVATE KEY-----\nMIIE\ncut off", "-----BEGIN PRIVATE KEY-----\n***"},
	} {
		if got := Safe(test.raw); string(got) != test.want {
			t.Errorf("Safe(%q)\n got %q\nwant %q", test.raw, got, test.want)
		}
	}
}

func TestEvidenceStaysReadable(t *testing.T) {
	t.Parallel()
	for _, raw := range []string{
		"commit 3b18e512dba79e4c8300dd08aeb37f8e728b8dad",
		"sha256:08d4ff9e53f313a99a6b3019a5155a8febcba2e073f06f43bead1030efc61e04",
		"PWD=/srv/shop/current",
		"OLDPWD=/srv/shop",
		"PATH=/usr/bin:/bin",
		"AUTHOR=Ann Smith", "GIT_AUTHOR_NAME=Ann",
		"http://127.0.0.1:8000/@user/path", "ssh://git@github.com/a/b", "http://unix:/run/shop.sock:/",
		"unix:/run/gunicorn.sock",
		"pam_unix(sudo:session): session opened for user root(uid=0)",
		"session: opened", "auth: failed for ann",
		"SECRET_KEY=", `token: ""`, "--token ${TOKEN} --port 80", "PASSWORD=$DB_PASSWORD",
		"proxy_pass http://shop;", "ssl_certificate_key /etc/ssl/shop.key;",
		"-----BEGIN CERTIFICATE-----\nMIID\n-----END CERTIFICATE-----",
		"[2026-11-23 18:46:30 +0000] [103] [INFO] Listening at: unix:/tmp/shop-blue.sock (103)",
		"/srv/shop/releases/20251122-101500/app.py", "ETag: \"65f0-1a2b\"", "keyboard=de", "monkey: banana",
		"bearer of bad news", "10-secrets.conf", "disk-usage", "task_live_12345678",
	} {
		if got := Safe(raw); string(got) != raw {
			t.Errorf("Safe(%q) = %q", raw, got)
		}
	}
}

func TestRedactArgv(t *testing.T) {
	t.Parallel()
	argv := []string{
		"docker", "run", "-e", "DB_PASSWORD=a b c", "--api-token", "abc", "--token", "--verbose", "--secret=x y", "-e", "PLAIN=a b",
		"-H", "Cookie: a=b", "postgres://u:p@h/",
	}
	want := []Text{
		"docker", "run", "-e", "DB_PASSWORD=***", "--api-token", "***", "--token", "--verbose", "--secret=***", "-e", "PLAIN=a b",
		"-H", "Cookie: ***", "postgres://***@h/",
	}
	if got := RedactArgv(argv); !slices.Equal(got, want) {
		t.Errorf("RedactArgv\n got %q\nwant %q", got, want)
	}
}

func TestFingerprints(t *testing.T) {
	t.Parallel()
	one, other := NewFingerprinter(), NewFingerprinter()
	if a := one.Of("value"); a != one.Of("value") || len(a) != 12 || strings.Trim(a, "0123456789abcdef") != "" {
		t.Errorf("fingerprint = %q", a)
	}
	if one.Of("value") == one.Of("Value") {
		t.Error("two values have one fingerprint")
	}
	if one.Of("value") == other.Of("value") {
		t.Error("a fingerprint can be compared with another run's")
	}
}

func BenchmarkSafeLogLine(b *testing.B) {
	line := "[2026-11-23 18:46:30 +0000] [103] [INFO] Listening at: unix:/run/shop-blue.sock (103) from /srv/shop/current"
	for b.Loop() {
		Safe(line)
	}
}
