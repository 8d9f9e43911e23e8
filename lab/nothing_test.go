package lab

import (
	"strings"
	"testing"
)

// TestWhatRestartsNothing: an administrator put a command of the same name in front, which
// holds restarts back and ends well. Nothing was restarted, and that is what is said.
func TestWhatRestartsNothing(t *testing.T) {
	for _, test := range []struct{ fault, program, held, says string }{
		{"switched-not-restarted", "systemctl", "restart", "restarted nothing"},
		{"mounted-not-restarted", "docker", "restart", "restarted nothing"},
		{"supervised-not-restarted", "supervisorctl", "restart", "restarted nothing"},
		{"image-older-than-source", "docker", "up", "recreated nothing"},
	} {
		t.Run(test.fault, func(t *testing.T) {
			t.Parallel()
			f, _ := Find(test.fault)
			c := prepare(t, "nothing-"+test.program+"-"+test.held, f.Site)
			if err := f.Broken(t.Context(), c); err != nil {
				t.Fatal(err)
			}
			if _, err := c.Shell(t.Context(), `real=$(command -v "$1")
printf '#!/bin/sh\nfor word in "$@"; do [ "$word" = %s ] && exit 0; done\nexec %s "$@"\n' "$2" "$real" > /usr/local/sbin/"$1"
chmod 755 /usr/local/sbin/"$1"`, test.program, test.held); err != nil {
				t.Fatal(err)
			}
			r, err := c.Fix(t.Context(), "--yes")
			if err != nil || r.Exit == 0 || !strings.Contains(r.Stderr, test.says) {
				t.Errorf("exit %d (%v)\n%s%s", r.Exit, err, r.Stdout, r.Stderr)
			}
		})
	}
}

// TestALinkMovesUnderTheQuestion: what release-marker would write is on the screen, word by
// word; when the link moves while the question stands, nothing is written.
func TestALinkMovesUnderTheQuestion(t *testing.T) {
	s := linked("lantern")
	s.App.Ident = InEnv
	c := prepare(t, "moved", s)
	if err := place(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	dropIn := "/etc/systemd/system/" + c.Unit + ".d/flasktui-release.conf"
	person := openPerson(t, c)
	person.types("flasktui fix --fix release-marker " + c.Unit)
	person.sees("< [Service]", "< Environment=APP_RELEASE="+c.Old.ID, "Type y and enter")
	if _, err := c.Shell(t.Context(), `ln -sfn "$1" "$2"`, c.Dir(1), c.Live()); err != nil {
		t.Fatal(err)
	}
	person.types("y")
	person.sees("the box has changed since the fi")
	if out, err := c.Shell(t.Context(), `cat "$1" 2>/dev/null || :`, dropIn); err != nil || out != "" {
		t.Errorf("it wrote %q (%v)", out, err)
	}
	if r, err := c.Fix(t.Context(), "--yes", "--fix", "release-marker"); err != nil || r.Exit != 0 {
		t.Fatalf("exit %d (%v)\n%s%s", r.Exit, err, r.Stdout, r.Stderr)
	}
	written, err := c.Run(t.Context(), "cat", dropIn)
	if err != nil {
		t.Fatal(err)
	}
	recorded, err := c.Run(t.Context(), "cat", "/var/log/flasktui/actions.jsonl")
	if want := strings.TrimSuffix(written, "\n"); err != nil || !strings.Contains(recorded, strings.ReplaceAll(want, "\n", `\n`)) {
		t.Errorf("it wrote %q (%v), and the record has\n%s", written, err, recorded)
	}
}

// TestWhoAnswersWhereNothingIsFound: where no service is there to be judged, whoever holds the
// site's port is named, and where it sends requests, with what to type.
func TestWhoAnswersWhereNothingIsFound(t *testing.T) {
	c := prepare(t, "nothing-found", linked("lacuna").layered())
	const nginx = `rm -rf /etc/nginx/conf.d/* /etc/nginx/sites-enabled/*
printf 'server { listen 80; location / { proxy_pass http://127.0.0.1:3000; } }\n' > /etc/nginx/conf.d/x.conf
systemctl restart nginx || { journalctl -u nginx -n 5 --no-pager; exit 1; }
`
	const perl = `printf '%s\n' 'use IO::Socket::INET;' 'my $s = IO::Socket::INET->new(LocalAddr => "127.0.0.1", LocalPort => 3000, Listen => 5, ReuseAddr => 1) or die;' \
	'while (my $c = $s->accept) { my $l = <$c>; print $c "HTTP/1.0 200 OK\r\n\r\nhello\n"; close $c }' > /root/shop.pl
systemd-run --quiet --unit=perlshop perl /root/shop.pl
for i in $(seq 100); do curl -s -o /dev/null http://127.0.0.1:3000/ && exit 0; sleep 0.05; done
exit 1
`
	const wsgi = `systemctl stop nginx perlshop
printf 'def application(environ, start_response):\n    start_response("200 OK", [])\n    return [b"hello"]\n' > /srv/x.wsgi
printf 'ServerName x\nWSGIScriptAlias / /srv/x.wsgi\n<Directory /srv>\nRequire all granted\n</Directory>\n' > /etc/apache2/conf-enabled/x.conf
a2enmod -q wsgi > /dev/null; printf 'Listen 80\n' > /etc/apache2/ports.conf; systemctl restart apache2
for i in $(seq 100); do curl -s -o /dev/null http://127.0.0.1/ && exit 0; sleep 0.05; done
exit 1
`
	for _, step := range []struct{ does, says, hint string }{
		{"systemctl disable --now " + c.Unit + "; rm " + c.UnitPath() + "; systemctl daemon-reload; systemctl stop nginx", "nothing listens at port 80, nothing listens at port 443", "name the unit"},
		{nginx, "sends requests to 127.0.0.1:3000 (where nothing of this box listens)", "where that is another machine"},
		{perl, "sends requests to 127.0.0.1:3000 (perl (process ", "ps -o pid,user,lstart,args"},
	} {
		if _, err := c.Shell(t.Context(), step.does); err != nil {
			t.Fatal(err)
		}
		if r := c.as(t, "root", "check"); r.Exit == 0 || !strings.Contains(r.Stderr, step.says) || !strings.Contains(r.Stderr, step.hint) {
			t.Errorf("exit %d, and not %q, %q\n%s%s", r.Exit, step.says, step.hint, r.Stdout, r.Stderr)
		}
	}
	// An Nginx that was left behind, and does not run, sends nobody anywhere.
	if _, err := c.Shell(t.Context(), wsgi); err != nil {
		t.Fatal(err)
	}
	if r := c.as(t, "root", "check"); r.Exit != 0 || !strings.Contains(r.Stdout, "apache2.service on ") {
		t.Errorf("an app of Apache's beside an idle Nginx: exit %d\n%s%s", r.Exit, r.Stdout, r.Stderr)
	}
}
