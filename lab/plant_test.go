package lab

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"unicode"
)

// seed is in every planted secret, and in nothing else on the box.
const seed = "hunter2Qx7"

// The escape sequences that are planted: the clipboard, the window's title, colours,
// moving the cursor, and the same with the eight-bit introducers.
const (
	clipboard = `\033]52;c;UExBTlRFRA==\007`
	title     = `\033]0;PWNED\007`
	colour    = `\033[41mRED\033[2J`
	c1        = `\302\2331mC1\302\235 0;PWNED\302\234`
	bidi      = `\342\200\256DERETNALP\342\200\254\342\200\213`
)

// spoken are lines as programs and people write them into logs, each with a secret that no
// "=" or ":" before it gives away. They are part of a Python string.
const spoken = `running: curl -u ann:` + seed + `-curl https://x.example/ ; mysql -p` + seed + `-mysql vault ; sshpass -p ` + seed + `-ssh true
DefaultEndpointsProtocol=https;AccountName=vault;AccountKey=` + seed + `-azure==;EndpointSuffix=x
GET https://x.example/c?sv=1&sig=` + seed + `-sig and /api?code=` + seed + `-code and oracle://app/` + seed + `-oracle@db/x
fastcgi_param DB_PASSWORD ` + seed + `-fastcgi; proxy_set_header X-Vault-Token ` + seed + `-proxy;
PASS\u200bWORD\u00a0=` + seed + `-hidden whsec_` + seed + `abcdefgh bot123456789:AA` + seed + `abcdefghijklmnopqrstuvw/getMe
<password>` + seed + `-xml</password> os.environ.setdefault('SECRET_KEY', b'` + seed + `-bytes') {'name': 'DB_PASSWORD', 'value': '` + seed + `-value'}
DB_PASSWORD=
` + seed + `-below`

// plantedSite has a secret wherever people put them, and escape sequences wherever a
// stranger can write. What it says of its release at /version is both.
func plantedSite() Site {
	s := linked("vault")
	s.App.Marker = NoMarker
	s.Gunicorn = []string{"--env", "API_TOKEN=" + seed + "-argv", "--env", "DATABASE_URL=postgres://app:" + seed + "-dsn@db/vault"}
	s.Service = []string{
		`Environment="SECRET_KEY=` + seed + `-unit" "SENTRY_DSN=https://` + seed + `a1@sentry.example/4" PLAIN_PASSWORD=` + seed + `-word`,
		"EnvironmentFile=/etc/vault.env", "EnvironmentFile=-/etc/vault.more.env",
		"ExecStartPre=-/bin/true --password " + seed + "-pre --token=" + seed + "-pretoken",
		"ExecStartPre=-/bin/true curl -u ann:" + seed + "-precurl sshpass -p " + seed + "-presshpass",
	}
	s.UnitText = strings.Replace(unitText, "{{.Name}} site", "{{.Name}} \x1b]0;PWNED\x07 \u202eDERETNALP\u202c \u009b1mC1", 1)
	s.Conf = map[string]string{
		"conf.d/vault.conf": strings.NewReplacer(
			"server_name {{.Server}};", "server_name {{.Server}} \"evil\x1b]0;PWNED\x07\u202eDERETNALP.example\";\n"+
				"    location /old { return 302 https://ann:"+seed+"-return@old.example/?token="+seed+"-query; }\n"+
				"    add_header Set-Cookie \"session="+seed+"-cookie\" always;\n    add_header X-Api-Key \""+seed+"-header\" always;",
			"proxy_set_header Host $host;", "proxy_set_header Host $host;\n"+
				"        proxy_set_header Authorization \"Bearer "+seed+"-bearer\";\n        proxy_set_header X-Api-Key "+seed+"-key;\n        set $api_token "+seed+"-set; fastcgi_param DB_PASSWORD "+seed+"-fastcgi;",
		).Replace(confText),
		"conf.d/partner.conf": "server { listen 8099; server_name partner.example; location / { proxy_pass http://127.0.0.1:8098/api?api_key=" + seed + "-pass; } }\n",
	}
	s.Files = map[string]string{
		"/etc/vault.env":           "SESSION_SECRET=" + seed + "-file\nREDIS_URL=redis://:" + seed + "-redis@cache:6379/0\nGUNICORN_CMD_ARGS=\"--env DEPLOY_TOKEN=" + seed + "-cmd\"\n",
		"/etc/vault.more.env":      "this line is none: " + seed + "-nonsense\nBROKEN='" + seed + "-unclosed\n",
		"/usr/local/bin/worker.py": "import sys, time\nwhile True: time.sleep(60)\n",
	}
	s.First = plantRelease("0")
	return s
}

// plantRelease dresses a release up: its app logs and answers secrets, a .env lies
// beside it, and git knows a remote with a password and a branch that nobody named.
func plantRelease(number string) Act {
	return sh(`cd {{.Dir ` + number + `}}; chown -R root: .
cat >> wsgi.py <<'PY'
import sys
print("connecting to postgres://app:` + seed + `-log@db/vault \033]0;PWNED\007\033[41mRED \u202eDERETNALP", file=sys.stderr, flush=True)
print("Authorization: Bearer ` + seed + `-logbearer", "SECRET_KEY=` + seed + `-logkey", file=sys.stderr, flush=True)
print("""` + spoken + `""", file=sys.stderr, flush=True)

@app.get("/version")
def planted():
    return jsonify({"release": "release` + number + `-\033]52;c;UExBTlRFRA==\007\033[41mRED\u202eDERETNALP\u009b1m", "token": "` + seed + `-body"}), 200, {"Set-Cookie": "session=` + seed + `-appcookie"}
PY
printf 'DB_PASSWORD=` + seed + `-dotenv\nEVIL=` + title + `\n' > .env
git init -q . && git add -A && git commit -q -m "one ` + bidi + `"
git remote add origin https://deploy:` + seed + `-remote@git.example/vault.git
GIT_REFLOG_ACTION="$(printf 'pull https://deploy:` + seed + `-reflog@git.example/vault.git ` + title + bidi + `')" git reset -q --soft HEAD
branch=$(printf 'evil` + clipboard + colour + bidi + `')
cp .git/refs/heads/main ".git/refs/heads/$branch" && printf 'ref: refs/heads/%s\n' "$branch" > .git/HEAD
chown -R {{.User}}: .`)
}

// plantedStale makes the planted site stale, by a release whose name is escape sequences.
func plantedStale(ctx context.Context, c *Case) error {
	return acts(
		plantRelease("1"),
		sh(`evil={{.Base}}/releases/$(printf '20250909`+title+clipboard+colour+c1+bidi+`')
cp -a {{.Dir 1}} "$evil"; ln -sfn "$evil" {{.Live}}
ACCESS_TOKEN=`+seed+`-worker systemd-run --quiet --unit=vault-worker -E ACCESS_TOKEN=`+seed+`-worker -p User={{.User}} -p WorkingDirectory="{{.Live}}" \
	python3 /usr/local/bin/worker.py --password `+seed+`-workerargv --broker amqp://u:`+seed+`-broker@mq// \
	curl -u ann:`+seed+`-workercurl mysql -p`+seed+`-workermysql oracle://app/`+seed+`-workeroracle@db`),
	)(ctx, c)
}

// leaks are what of the planted things is in a text: secrets, and what a terminal or a
// reader's eye would act on. drawn says that a program drew it, with sequences of its own.
func leaks(text string, drawn bool) []string {
	var found []string
	for _, hit := range regexp.MustCompile(`.{0,60}`+seed+`.{0,12}`).FindAllString(text, 3) {
		found = append(found, fmt.Sprintf("a secret: %q", hit))
	}
	for _, sequence := range []string{"\x1b]52;c;UExBTlRFRA", "\x1b]0;PWNED", "\x1b[41mRED"} {
		if at := strings.Index(text, sequence); at >= 0 {
			found = append(found, fmt.Sprintf("an escape sequence: %q", around(text, at)))
		}
	}
	for at, r := range text {
		isHidden := unicode.Is(unicode.Cf, r) || (r >= 0x80 && r <= 0x9f)
		isControl := !drawn && r < 0x20 && r != '\n'
		if isHidden || isControl || r == 0x7f {
			found = append(found, fmt.Sprintf("%U: %q", r, around(text, at)))
			break
		}
	}
	return found
}

func around(text string, at int) string { return text[max(0, at-40):min(len(text), at+60)] }

// holdsNothing fails the test where something that was planted is in a text.
func holdsNothing(t *testing.T, what, text string, drawn bool) {
	t.Helper()
	if text == "" {
		t.Errorf("%s is empty", what)
	}
	for _, leak := range leaks(text, drawn) {
		t.Errorf("%s holds %s", what, leak)
	}
}
