package main

// guide are the read-only commands of the guide, in its order, as a person would
// type them on this box. Those that have a pipe or a substitution in the guide
// have it here: a shell is how they are typed.
func guide(unit, base, live, url string) [][]string {
	sh := func(line string) []string { return []string{"sh", "-c", line} }
	gunicorn := "$(pgrep -n -f 'gunicorn.*wsgi')"
	return [][]string{
		{"ls", "-la", live + "/"},
		{"git", "-C", live, "rev-parse", "--short", "HEAD"},
		{"ls", "-la", base},
		{"readlink", "-f", live},
		sh("ps aux | grep gunicorn"),
		sh("readlink -f /proc/" + gunicorn + "/cwd"),
		sh("ls -l /proc/" + gunicorn + "/exe"),
		{"systemctl", "status", unit, "--no-pager"},
		{"systemctl", "cat", unit},
		sh("systemctl show " + unit + " | grep -E 'Environment=|EnvironmentFiles='"),
		{"nginx", "-t"},
		sh(`grep -R "proxy_pass\|root\|alias" /etc/nginx/sites-enabled /etc/nginx/conf.d`),
		sh("find " + live + "/static -type f | head"),
		{"curl", "-sI", url + "/static/app.css"},
		{"curl", "-sI", url},
		sh(`curl -sI "` + url + `/?v=$(date +%s)"`),
		{"docker", "ps"},
		{"journalctl", "-u", unit, "-n", "100", "--no-pager"},
		sh("ss -ltnp | grep gunicorn"),
		sh("ss -lxnp | grep gunicorn"),
		{"curl", "-s", url + "/version"},
	}
}
