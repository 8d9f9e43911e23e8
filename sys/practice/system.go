package practice

import (
	"fmt"
	"strings"
	"time"
)

// furnish puts on a bare box what every Debian has, as far as anyone may look at it.
func (b *Box) furnish() {
	for _, name := range []string{
		"/etc/systemd/system", "/usr/lib/systemd/system", "/etc/nginx/sites-enabled", "/etc/nginx/sites-available",
		"/etc/nginx/conf.d", "/var/log/nginx", "/var/cache/nginx", "/run/systemd", "/srv", "/var/www", "/opt", "/home", "/tmp", "/root",
	} {
		b.makeDirectory(name)
	}
	b.link("usr/lib", "/lib")
	b.write("/etc/os-release", "PRETTY_NAME=\"Debian GNU/Linux 13 (trixie)\"\nNAME=\"Debian GNU/Linux\"\nVERSION_ID=\"13\"\nID=debian\n")
	b.write("/etc/hostname", b.hostname+"\n")
	b.write("/etc/hosts", "127.0.0.1\tlocalhost\n127.0.1.1\t"+b.hostname+"\n")
	b.write("/usr/share/nginx/html/index.html", "<h1>Welcome to nginx!</h1>\n")
	b.script("/usr/sbin/nginx", "\x7fELF")
	b.script("/usr/bin/python3.13", "\x7fELF")
	b.link("python3.13", "/usr/bin/python3")
	b.write("/usr/lib/systemd/system/ssh.service", "[Unit]\nDescription=OpenBSD Secure Shell server\n\n[Service]\nType=notify\nExecStart=/usr/sbin/sshd -D\nExecReload=/bin/kill -HUP $MAINPID\n")
	b.script("/usr/sbin/sshd", "\x7fELF")
	b.write("/usr/lib/systemd/system/nginx.service", nginxUnit)
	b.write(nginxConfiguration, nginxMain)
	b.write("/etc/nginx/mime.types", "types {\n    text/html html;\n    text/css css;\n}\n")
	b.boot()
}

const nginxUnit = `[Unit]
Description=A high performance web server and a reverse proxy server
After=network-online.target

[Service]
Type=forking
PIDFile=/run/nginx.pid
ExecStart=/usr/sbin/nginx -g 'daemon on; master_process on;'
ExecReload=/usr/sbin/nginx -g 'daemon on; master_process on;' -s reload
KillMode=mixed

[Install]
WantedBy=multi-user.target
`

const nginxMain = `user www-data;
worker_processes 2;
pid /run/nginx.pid;
error_log /var/log/nginx/error.log;

events {
    worker_connections 768;
}

http {
    sendfile on;
    types_hash_max_size 2048;
    include /etc/nginx/mime.types;
    default_type application/octet-stream;
    access_log /var/log/nginx/access.log;

    include /etc/nginx/conf.d/*.conf;
    include /etc/nginx/sites-enabled/*;
}
`

// boot starts what runs on every box.
func (b *Box) boot() {
	b.lastPID = 0
	system := func(name, executable, cgroup string, parent int, argv ...string) {
		b.spawn(origin{parent: parent, account: "root", cgroup: cgroup}, name, executable, argv)
	}
	system("systemd", "/usr/lib/systemd/systemd", "/init.scope", 0, "/sbin/init")
	system("kthreadd", "", "/", 0)
	system("kworker/0:1-events", "", "/", 2)
	b.lastPID = 240
	system("systemd-journal", "/usr/lib/systemd/systemd-journald", "/system.slice/systemd-journald.service", 1, "/usr/lib/systemd/systemd-journald")
	system("dbus-daemon", "/usr/bin/dbus-daemon", "/system.slice/dbus.service", 1, "/usr/bin/dbus-daemon", "--system", "--nofork")
	system("cron", "/usr/sbin/cron", "/system.slice/cron.service", 1, "/usr/sbin/cron", "-f")
	b.service("ssh.service").start()
	b.clock.pass(2 * time.Second)
}

// account adds a user.
func (b *Box) account(name string) {
	if _, known := b.users[name]; known {
		return
	}
	id := uint32(1000 + len(b.users)) //nolint:gosec // a handful of users
	b.users[name] = user{id, id, "/home/" + name}
	b.makeDirectory("/home/" + name)
}

// login is a person's shell on the box, with the control group that whatever they start
// by hand stays in.
func (b *Box) login(name string, session int) origin {
	b.account(name)
	group := fmt.Sprintf("/user.slice/user-%d.slice/session-%d.scope", b.users[name].uid, session)
	daemon := b.spawn(origin{parent: 1, account: "root", cgroup: group}, "sshd-session", "/usr/lib/openssh/sshd-session", []string{"sshd-session: " + name + " [priv]"})
	shell := origin{parent: daemon.pid, account: name, cgroup: group, directory: b.find("/home/" + name)}
	shell.environment = []variable{{"HOME", "/home/" + name}, {"USER", name}, {"SHELL", "/bin/bash"}, {"PATH", "/usr/local/bin:/usr/bin:/bin"}}
	started := b.spawn(shell, "bash", "/usr/bin/bash", []string{"-bash"})
	shell.parent = started.pid
	return shell
}

// fill writes a text with its names put in.
func fill(text string, pairs ...string) string { return strings.NewReplacer(pairs...).Replace(text) }
