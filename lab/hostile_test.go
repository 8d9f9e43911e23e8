package lab

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// hostile is something that a box does to whoever looks at it.
type hostile struct {
	name string
	// does it, and undoes it again.
	does, undo string
	as         string
	args       []string
	// says is what the person must be told, besides that the site is stale or that it
	// cannot be told.
	says string
	// hides says that it keeps something from being seen that a proof needs.
	hides bool
	// fells says that the site does not answer any more, whoever asks.
	fells bool
	// cured is the verdict on a site that runs the new release, where that is not fresh.
	cured string
}

// hostileServers is a program with a server for each way of not answering properly.
const hostileServers = `import os, socket, ssl, sys, threading, time
def serve(port, answer, tls=False):
    s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1); s.bind(("127.0.0.1", port)); s.listen(64)
    if tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER); context.load_cert_chain("/root/bad.pem"); s = context.wrap_socket(s, server_side=True)
    def loop():
        while True:
            try:
                c, _ = s.accept()
            except OSError:
                continue
            threading.Thread(target=one, args=(c,), daemon=True).start()
    def one(c):
        try:
            c.recv(65536); answer(c)
        except OSError:
            pass
        c.close()
    threading.Thread(target=loop, daemon=True).start()
def endless(c):
    c.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n")
    while True: c.sendall(b"20250908164200" * 4096)
def dripping(c):
    c.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n")
    while True: c.sendall(b"2"); time.sleep(0.2)
def header(c):
    c.sendall(b"HTTP/1.1 200 OK\r\nX-Release: " + b"20250908164200" * 800000 + b"\r\n\r\n")
def manyheaders(c):
    c.sendall(b"HTTP/1.1 200 OK\r\n")
    while True: c.sendall(b"X-A: 1\r\n" * 4096)
def loop(c):
    c.sendall(b"HTTP/1.1 302 Found\r\nLocation: /version\r\nContent-Length: 0\r\n\r\n")
def bomb(c):
    import gzip
    body = gzip.compress(b"\0" * (200 << 20))
    c.sendall(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
def garbage(c): c.sendall(os.urandom(1 << 20))
def mute(c): time.sleep(3600)
def plain(c): c.sendall(b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{"release": "20250908164200"}')
for port, answer in enumerate((endless, dripping, header, manyheaders, loop, bomb, garbage, mute), 9501): serve(port, answer)
serve(9443, plain, True)
dns = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); dns.bind(("127.0.0.1", 53))
time.sleep(3600)
`

func hostileThings() []hostile {
	urls := []hostile{}
	for i, name := range []string{"endless-body", "dripping-body", "header-of-10-megabytes", "endless-headers", "redirect-loop", "gzip-bomb", "garbage", "mute-public-address"} {
		urls = append(urls, hostile{name: name, hides: true, args: []string{"--url", "http://127.0.0.1:950" + string(rune('1'+i)) + "/"}})
	}
	return append(urls,
		hostile{name: "bad-tls", args: []string{"--url", "https://127.0.0.1:9443/"}, says: "certificate"},
		hostile{name: "hanging-dns", hides: true, args: []string{"--url", "http://site.somewhere.example/"}},
		hostile{name: "hanging-backend", hides: true, fells: true, does: `pkill -STOP -x gunicorn`, undo: `pkill -CONT -x gunicorn`},
		hostile{
			name: "hanging-sudo", hides: true, as: "linus", does: `printf '#!/bin/sh\nsleep 3600\n' > /usr/local/bin/sudo; chmod 755 /usr/local/bin/sudo`,
			undo: `rm /usr/local/bin/sudo`,
		},
		hostile{
			name: "hanging-docker", undo: `systemctl stop silent-docker`,
			does: `rm -f /run/docker.sock; systemd-run --quiet --unit=silent-docker python3 -c 'import socket, time
s = socket.socket(socket.AF_UNIX); s.bind("/run/docker.sock"); s.listen(9); time.sleep(3600)'; until test -S /run/docker.sock; do sleep 0.05; done`,
		},
		hostile{
			name: "hanging-systemd", hides: true, undo: `umount /run/systemd/private /run/dbus/system_bus_socket; systemctl stop silent-systemd`,
			does: `rm -f /run/silent; systemd-run --quiet --unit=silent-systemd python3 -c 'import socket, time
s = socket.socket(socket.AF_UNIX); s.bind("/run/silent"); s.listen(9); time.sleep(3600)'; until test -S /run/silent; do sleep 0.05; done
mount --bind /run/silent /run/dbus/system_bus_socket; mount --bind /run/silent /run/systemd/private`,
		},
		hostile{
			name: "fifo-for-a-file", undo: `cd {{.Live}}; rm .env REVISION gunicorn.conf.py; cd /; rm /etc/castle.env; touch /etc/castle.env`,
			does: `cd {{.Live}}; mkfifo .env REVISION gunicorn.conf.py; rm /etc/castle.env; mkfifo /etc/castle.env`,
		},
		hostile{name: "device-for-a-file", does: `cd {{.Live}}; ln -s /dev/zero .env; ln -s /dev/zero REVISION`, undo: `cd {{.Live}}; rm .env REVISION`},
		hostile{name: "link-loop", does: `cd {{.Live}}; ln -s b a; ln -s a b; ln -s a REVISION; ln -s . self`, undo: `cd {{.Live}}; rm a b REVISION self`},
		hostile{name: "huge-files", does: `cd {{.Live}}; truncate -s 1T REVISION .env`, undo: `cd {{.Live}}; rm REVISION .env`},
		hostile{name: "hidepid", hides: true, as: "grace", does: `mount -o remount,hidepid=2 /proc`, undo: `mount -o remount,hidepid=0 /proc`},
		hostile{
			name: "vanishing-processes", undo: `systemctl stop swarm`,
			does: `systemd-run --quiet --unit=swarm sh -c 'while :; do for i in 1 2 3 4; do python3 -S -c "" gunicorn web:app & done; wait; done'`,
		},
	)
}

// hang lays a file system in user space over a directory and stops the program behind it:
// whoever looks at what is in there waits in the kernel, as with a dead file server. The
// second of them lies over another one that has stopped, so that what it was asked is with
// it for good: the kernel does not let go whoever asked, not even to be killed.
const (
	hang = `systemd-run --quiet --unit=dead bindfs -f -o nonempty %[1]s %[1]s; until mountpoint -q %[1]s; do sleep 0.02; done
systemctl kill -s STOP dead`
	hangDeeper = `mkdir -p /mnt/inner; systemd-run --quiet --unit=dead bindfs -f %[1]s /mnt/inner; until mountpoint -q /mnt/inner; do sleep 0.02; done
systemd-run --quiet --unit=outer bindfs -f -o nonempty,attr_timeout=0,entry_timeout=0 /mnt/inner %[1]s; until mountpoint -q %[1]s; do sleep 0.02; done
systemctl kill -s STOP dead`
	unhang = `systemctl kill -s KILL dead outer 2>/dev/null || true; umount -l %[1]s || true; umount -l /mnt/inner 2>/dev/null || true; systemctl reset-failed dead outer 2>/dev/null || true`
)

// deadDisks are the places that a check has to look at, each on a disk that does not
// answer any more.
func deadDisks() []hostile {
	things := []hostile{}
	for _, disk := range []struct {
		name, directory string
		hides           bool
	}{
		{"release", `{{.Dir 1}}`, true},
		{"base", `{{.Base}}`, true},
		{"environment", `/etc/castle.d`, true},
		// The running site proves by itself what it imported.
		{"static", `{{.Dir 1}}/static`, false},
		{"site-packages", `/usr/lib/python3/dist-packages`, false},
	} {
		things = append(things, hostile{
			name: "dead-" + disk.name, hides: disk.hides, says: "does not answer",
			does: fmt.Sprintf(hang, disk.directory), undo: fmt.Sprintf(unhang, disk.directory),
		})
	}
	release, undo := fmt.Sprintf(hang, `{{.Dir 1}}`), fmt.Sprintf(unhang, `{{.Dir 1}}`)
	return append(things,
		hostile{name: "dead-with-sudo", as: "linus", hides: true, says: "does not answer", does: release, undo: undo},
		hostile{name: "dead-without-rights", as: "grace", hides: true, does: release, undo: undo},
		hostile{name: "dead-unkillable", hides: true, says: "does not answer", does: fmt.Sprintf(hangDeeper, `{{.Dir 1}}`), undo: undo})
}

// TestHostileBox has the box do its worst while a site is stale. Whatever it does, the
// check ends in time, with one whole report that does not call the site fresh, nor down
// where it was only the looking that came to nothing.
func TestHostileBox(t *testing.T) {
	s := linked("castle")
	s.Service = []string{"EnvironmentFile=-/etc/castle.env", "EnvironmentFile=-/etc/castle.d/more.env"}
	s.Files = map[string]string{"/etc/castle.env": "", "/etc/castle.d/more.env": "", "/root/servers.py": hostileServers}
	s.First = sh(`echo 'nameserver 127.0.0.1' > /etc/resolv.conf
# sudo looks its own host up, and would wait for the name server.
echo "127.0.1.1 $(hostname)" >> /etc/hosts
openssl req -x509 -newkey rsa:2048 -nodes -keyout /root/key.pem -out /root/cert.pem -days 2 -subj /CN=somebody.else 2>/dev/null
cat /root/key.pem /root/cert.pem > /root/bad.pem
systemd-run --quiet --unit=servers python3 /root/servers.py`)
	c := prepare(t, "hostile", s)
	if err := deploy(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	for _, thing := range slices.Concat(hostileThings(), deadDisks()) {
		t.Run(thing.name, func(t *testing.T) { besets(t, c, thing) })
	}
	t.Run("dead-in-the-wizard", func(t *testing.T) { quitsAtOnce(t, c) })
	t.Run("signals", func(t *testing.T) { endsWhenTold(t, c) })
	t.Run("full-disk", func(t *testing.T) { curesOnAFullDisk(t, c) })
	// The new release is live now, which is not proved where a hop cannot be asked.
	for _, thing := range slices.Concat(hostileThings(), deadDisks()) {
		if thing.hides {
			t.Run("cured-"+thing.name, func(t *testing.T) { besets(t, c, thing) })
		}
	}
}

// besets does a hostile thing, looks, and undoes it.
func besets(t *testing.T, c *Case, thing hostile) {
	t.Helper()
	if err := sh(thing.does)(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := sh(thing.undo)(context.WithoutCancel(t.Context()), c); err != nil {
			t.Error(err)
		}
	}()
	withstands(t, c, thing)
}

func withstands(t *testing.T, c *Case, thing hostile) {
	t.Helper()
	person := thing.as
	if person == "" {
		person = "root"
	}
	const timeout = 4 * time.Second
	began := time.Now()
	r := c.as(t, person, append([]string{"check", "--json", "--timeout", timeout.String(), c.Unit}, thing.args...)...)
	if took := time.Since(began); took > timeout+1500*time.Millisecond {
		t.Errorf("it took %s", took)
	}
	var report Report
	if err := json.Unmarshal([]byte(r.Stdout), &report); err != nil {
		t.Fatalf("exit %d: %v\n%s\n%s", r.Exit, err, tail(r.Stdout, 5), tail(r.Stderr, 20))
	}
	t.Logf("%s after %s: %s", report.Verdict, time.Since(began).Round(time.Millisecond), report.Summary)
	if report.Verdict == fresh || r.Exit == 0 || r.Exit > 2 || len(report.Steps) != 14 {
		t.Errorf("exit %d: it is stale, or cannot be told\n%s", r.Exit, report)
	}
	if report.Verdict == down && !thing.fells {
		t.Errorf("the site answers; it is not down\n%s", report)
	}
	for _, step := range report.Steps {
		if step.Status == "fail" && !thing.fells && strings.Contains(step.Summary, "No Gunicorn") {
			t.Errorf("Gunicorn runs; it only was not looked at: %s", step.Summary)
		}
	}
	if strings.Contains(r.Stdout+r.Stderr, "flasktui's own fault") || strings.Contains(r.Stderr, "panic") {
		t.Errorf("flasktui broke down:\n%s\n%s", report, r.Stderr)
	}
	if thing.says != "" && !strings.Contains(r.Stdout, thing.says) {
		t.Errorf("nothing is said of the %s:\n%s", thing.says, report)
	}
}

// quitsAtOnce opens the wizard, from the release itself, where that does not answer.
func quitsAtOnce(t *testing.T, c *Case) {
	t.Helper()
	p := openPerson(t, c)
	p.types("cd " + c.Live())
	if err := sh(fmt.Sprintf(hangDeeper, `{{.Dir 1}}`))(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := sh(fmt.Sprintf(unhang, `{{.Dir 1}}`))(context.WithoutCancel(t.Context()), c); err != nil {
			t.Error(err)
		}
	}()
	p.types("flasktui " + c.Unit + "; echo left with $?")
	p.sees("INCONCLUSIVE")
	p.settles()
	began := time.Now()
	p.presses("q")
	p.sees("left with 2")
	if took := time.Since(began); took > 2*time.Second {
		t.Errorf("the wizard quits after %s", took)
	}
}

// endsWhenTold sends signals in the middle of a check that waits for a backend. Whoever
// runs the tests may have them ignored (nohup), which everything started here inherits.
func endsWhenTold(t *testing.T, c *Case) {
	t.Helper()
	for _, signal := range []string{"TERM", "HUP", "INT"} {
		began := time.Now()
		r, err := c.Do(t.Context(), "", "sh", "-c", `pkill -STOP -x gunicorn
env --default-signal=HUP,INT,TERM /usr/local/bin/flasktui check --json --timeout 20s "$1" & flasktui=$!
sleep 0.7; kill -`+signal+` $flasktui; wait $flasktui; status=$?; pkill -CONT -x gunicorn; exit $status`, "sh", c.Unit)
		if err != nil {
			t.Fatal(err)
		}
		if r.Exit != 3 || strings.Count(r.Stdout, "\n") != 1 || !strings.Contains(r.Stdout, `"error":"interrupted"`) || !strings.Contains(r.Stderr, "flasktui: interrupted") || time.Since(began) > 3*time.Second {
			t.Errorf("SIG%s: exit %d after %s\n%s%s", signal, r.Exit, time.Since(began), r.Stdout, r.Stderr)
		}
	}
}

// curesOnAFullDisk fixes the site where nothing can be written any more: the site matters
// more than the record, and the person is told.
func curesOnAFullDisk(t *testing.T, c *Case) {
	t.Helper()
	if err := sh(`mkdir -p -m 700 /var/log/flasktui; mount -t tmpfs -o size=4k,mode=700 tmpfs /var/log/flasktui; head -c 4096 /dev/zero > /var/log/flasktui/filler`)(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	r := c.as(t, "root", "fix", "--yes", c.Unit)
	if r.Exit != 0 || !strings.Contains(r.Stdout+r.Stderr, "this fix is not recorded: ") || !strings.Contains(r.Stdout+r.Stderr, "no space left") {
		t.Errorf("exit %d\n%s%s", r.Exit, r.Stdout, r.Stderr)
	}
}
