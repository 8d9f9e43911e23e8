package facts

import (
	"strings"
	"testing"

	"flasktui/sys/memory"
	"flasktui/sys/systemd"
)

// TestWhereAUnitsCommandLeads: to a server by itself, through a shell's scripts, or by what a
// script of another language says.
func TestWhereAUnitsCommandLeads(t *testing.T) {
	t.Parallel()
	const shell, python = "#!/bin/sh\n", "#!/usr/bin/env python3\n"
	for _, test := range []struct {
		name, command string
		files         map[string]string
		unread        bool
		want          string
	}{
		{"a server", "/v/bin/gunicorn wsgi:app", nil, false, "starts"},
		{"a server behind another program", "/usr/bin/chpst -u web /v/bin/gunicorn wsgi:app", nil, false, "starts"},
		{"another program", "/usr/bin/redis-server", nil, false, ""},
		{"a script that starts it", "/srv/start", map[string]string{"/srv/start": shell + "exec gunicorn wsgi:app\n"}, false, "starts"},
		{"one without a first line", "/bin/sh /srv/start", map[string]string{"/srv/start": "exec gunicorn wsgi:app\n"}, false, "starts"},
		{"one where the unit stands", "/bin/sh start", map[string]string{"/srv/shop/start": shell + "exec gunicorn wsgi:app\n"}, false, "starts"},
		{"one that runs another", "/srv/start", map[string]string{"/srv/start": shell + "exec ./really\n", "/srv/really": shell + "exec gunicorn wsgi:app\n"}, false, "starts"},
		{"one that may not be read for it", "/srv/start", map[string]string{"/srv/start": shell + "exec gunicorn wsgi:app\n"}, true, ""},
		{"one that is gone", "/srv/start", nil, false, ""},
		{"one that starts something else", "/srv/start", map[string]string{"/srv/start": shell + "exec redis-server\n"}, false, ""},
		{"one in Perl that names it", "/srv/start", map[string]string{"/srv/start": "#!/usr/bin/perl\nexec 'gunicorn'\n"}, false, "named"},
		{"one in Perl that does not", "/srv/start", map[string]string{"/srv/start": "#!/usr/bin/perl\nexec 'redis'\n"}, false, ""},
		{"one in Python that hands an app over", "/srv/start", map[string]string{"/srv/start": python + "from waitress import serve\nserve(app)\n"}, false, "hands"},
		{"one in Python that does not", "/srv/start", map[string]string{"/srv/start": python + "import smtplib\n"}, false, ""},
		{"one in Python without a first line", "/usr/bin/python3 /srv/start.py", map[string]string{"/srv/start.py": "from waitress import serve\nserve(app)\n"}, false, "hands"},
		{"a program, in whose text that stands", "/srv/start", map[string]string{"/srv/start": "#!/x\n\x00gunicorn"}, false, ""},
		{"behind an interpreter's options", "/usr/bin/perl -w /srv/start", map[string]string{"/srv/start": "#!/usr/bin/perl\nexec 'gunicorn'\n"}, false, "named"},
	} {
		unit := systemd.Unit{WorkingDirectory: "/srv/shop", ExecStart: [][]string{strings.Fields(test.command)}}
		leads := lookAt(memory.Machine{Files: test.files}).leads(t.Context(), unit, !test.unread)
		var words []string
		for word, is := range map[string]bool{"starts": leads.starts, "named": leads.named, "hands": leads.hands} {
			if is {
				words = append(words, word)
			}
		}
		if got := strings.Join(words, " "); got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}
