package guide

func nginxWrongUpstream() Page {
	return Page{
		ID:    "nginx-wrong-upstream",
		Title: "Nginx sends requests somewhere else",
		What:  "The server block that answers for the site proxies to a socket or port that this service does not hold.",
		How: "The unit's bind address was changed, the Nginx side was not; a copy in sites-enabled is edited while the one in " +
			"sites-available is meant, or the reverse; two blocks claim the same name and the other one wins; localhost " +
			"means ::1 and another process listens there.",
		Commands: []string{
			"sudo nginx -T 2>/dev/null | grep -nE 'configuration file|server_name|proxy_pass|upstream|server unix'",
			"sudo ss -lxnp | grep gunicorn; sudo ss -ltnp | grep gunicorn",
			"ls -la /etc/nginx/sites-enabled",
		},
		Prevent: "Write the address once, in an upstream block, as a path or 127.0.0.1, and ship the file with the app.",
		Guard:   []string{"upstream shop { server unix:{socket}; }", "sudo nginx -t && sudo systemctl reload nginx"},
		See:     []string{"edit-nginx", "nginx"},
	}
}

func nginxNotReloaded() Page {
	return Page{
		ID:    "nginx-not-reloaded",
		Title: "Nginx runs an older configuration than the disk",
		What:  "The configuration was changed after the workers that run were started. What you read on disk is not what answers.",
		How: "The reload was forgotten, or it was refused after it was asked for: an address in use, a missing certificate " +
			"or log directory. The command exits with 0 all the same, and only the error log says \"emerg\". Or Nginx runs in a " +
			"container that has the file mounted by itself: git and editors put a new file in its place, the container keeps the " +
			"old one, and a reload in it reads that again. Then the container has to be restarted.",
		Commands: []string{
			"ps -o pid,lstart,args -C nginx",
			"sudo find /etc/nginx -newermt \"$(ps -o lstart= -C nginx | tail -1)\" -type f",
			"sudo grep emerg /var/log/nginx/error.log | tail -5",
		},
		Prevent: "Let the deploy reload and then look for new workers, not for an exit status.",
		Guard:   []string{"sudo nginx -t && sudo systemctl reload nginx", "flasktui check {unit} --retry-timeout 30s"},
		See:     []string{"nginx-reload", "nginx"},
	}
}

func nginxConfigInvalid() Page {
	return Page{
		ID:    "nginx-config-invalid",
		Title: "The Nginx configuration on disk is refused",
		What: "`nginx -t` fails. The running Nginx goes on with the last good configuration, and will not come back after a " +
			"restart or a reboot.",
		How: "A missing semicolon, an included file that is gone, a certificate's file that was moved, a module that an " +
			"update took away.",
		Commands: []string{"sudo nginx -t", "sudo ls -laR /etc/nginx/sites-enabled /etc/nginx/conf.d"},
		Prevent:  "Test before the file is put in place for good, and stop the deploy when the test fails.",
		Guard:    []string{"sudo nginx -t || { sudo cp -p /root/shop.conf.good /etc/nginx/conf.d/shop.conf; exit 1; }"},
		See:      []string{"edit-nginx", "nginx"},
	}
}

func nginxStaleAddress() Page {
	return Page{
		ID:    "nginx-stale-address",
		Title: "Nginx holds an address that has moved",
		What: "The upstream is a host name. Nginx looked it up when it loaded, the name has moved since, and requests go to " +
			"the old address: into the void, or to another container that has it now.",
		How: "Recreating a container gives it a new address. Nothing tells Nginx, be it the box's own or one in the same " +
			"Compose project.",
		Commands: []string{
			"sudo nginx -T 2>/dev/null | grep -nE 'proxy_pass|server .*:[0-9]+|resolver'",
			"getent ahosts web",
			"docker inspect {container} --format '{{range .NetworkSettings.Networks}}{{.IPAddress}} {{end}}'",
		},
		Prevent: "Reload Nginx after each recreate, or let it resolve at run time: a resolver and a variable in proxy_pass.",
		Guard: []string{
			"docker compose up -d {service} && sudo nginx -t && sudo systemctl reload nginx",
			"docker compose up -d {service} && docker compose exec -T nginx nginx -s reload",
		},
		See: []string{"nginx-reload", "docker-recreate"},
	}
}

func staticStale() Page {
	return Page{
		ID:    "static-stale",
		Title: "Clients get static files of another release",
		What:  "The app is new, its style sheets and scripts are not: what Nginx serves differs from the file in the release.",
		How: "root or alias holds the path of one release; the asset build did not run; collected files were not copied; " +
			"open_file_cache still holds the file behind the old link; a .gz or .br beside the file is of an older build, " +
			"and gzip_static prefers it.",
		Commands: []string{
			"curl -s {url}{asset} | sha256sum; sha256sum {current}{asset}",
			"curl -s -H 'Accept-Encoding: gzip' {url}{asset} | gunzip | sha256sum",
			"sudo nginx -T 2>/dev/null | grep -nE 'root|alias|gzip_static|open_file_cache'",
		},
		Prevent: "Let root or alias lead through the link, build into the release before the switch, compress in the same " +
			"step, and put a hash into the names.",
		Guard: []string{"alias {current}/static/;", "find {root}/releases/$RELEASE/static -name '*.css' -exec gzip -kf9 {} +"},
		See:   []string{"edit-nginx", "static-assets"},
	}
}

func cacheServesOld() Page {
	return Page{
		ID:    "cache-serves-old",
		Title: "A cache answers with the old release",
		What:  "Asked directly, the app answers with the new release. Something before it, proxy_cache or a CDN, answers from memory.",
		How: "A page was marked cacheable, or a CDN was told to keep everything; the deploy purges nothing; a query string is " +
			"left out of the cache's key.",
		Commands: []string{
			"curl -sI {url} | grep -iE 'age|cache|via|x-served'",
			"curl -sI \"{url}?t=$(date +%s)\" | grep -iE 'age|cache|via'",
			"sudo nginx -T 2>/dev/null | grep -nE 'proxy_cache'",
		},
		Prevent: "Pages say no-cache or a time you can wait out, assets carry a hash in their name, and the deploy purges " +
			"what it must, after the new release is live and not before.",
		Guard: []string{"response.headers[\"Cache-Control\"] = \"no-cache\"", "# then purge with your CDN's own tool"},
		See:   []string{"caches"},
	}
}
