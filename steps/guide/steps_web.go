package guide

func nginx() Page {
	return Page{
		ID:    "nginx",
		Title: "Nginx",
		Asks:  "Does the Nginx that runs, not the one on disk, send this site's requests to this service?",
		Why: "Between the visitor and Gunicorn stands a configuration that was loaded at some time. It can point to " +
			"yesterday's socket, or be refused, and answer all the same.",
		Good: "`nginx -t` passes without warnings about your server names, the workers are younger than the configuration, " +
			"and the upstream is the socket that the service holds.",
		Read: "`nginx -T` prints the disk, not what runs. What runs was loaded when the workers started. A reload that " +
			"cannot bind or open something exits with 0 and keeps the old workers; only the error log tells. An upstream's " +
			"host name is resolved once, at the load.",
		Mistake: "\"reloaded\" read as \"the new configuration is live\". And \"conflicting server name\" is only a " +
			"warning, yet it means that one of the two blocks never answers.",
		Commands: []string{
			"sudo nginx -t",
			"sudo nginx -T 2>/dev/null | grep -nE 'server_name|listen|proxy_pass|root|alias|proxy_cache'",
			"ps -o pid,lstart,args -C nginx",
			"sudo tail -20 /var/log/nginx/error.log",
		},
		IfItFails: "Repair what `nginx -t` names, reload, and look at the workers' start times again. No new worker, no " +
			"new configuration.",
		See: []string{"nginx-wrong-upstream", "nginx-not-reloaded", "nginx-config-invalid", "nginx-stale-address"},
	}
}

func staticAssets() Page {
	return Page{
		ID:    "static-assets",
		Title: "Static assets",
		Asks:  "Are the style sheets and scripts that clients get the ones in the release?",
		Why: "Nginx serves them by itself, from its own path, with its own caches. The app can be new while the page looks " +
			"and behaves as before.",
		Good: "The bytes served, with and without gzip, are those of the release's file.",
		Read: "Nginx makes a file's ETag from its time and size, so the tag alone tells which file was served. root or " +
			"alias that leads to an old release, a build that did not run, an open_file_cache that still holds the file " +
			"behind the old link, or a .gz beside the file that nobody renewed: each gives old bytes.",
		Mistake: "Testing with curl alone. Without \"Accept-Encoding: gzip\" you get the plain file, while every browser " +
			"gets the old .gz beside it.",
		Commands: []string{
			"curl -sI {url}{asset}",
			"curl -s {url}{asset} | sha256sum; sha256sum {current}{asset}",
			"curl -s -H 'Accept-Encoding: gzip' {url}{asset} | gunzip | sha256sum",
			"ls -la --time-style=full-iso {current}/static",
		},
		IfItFails: "Correct the path, or run the asset build again and renew compressed copies, before the restart.",
		See:       []string{"static-stale", "edit-nginx"},
	}
}

func caches() Page {
	return Page{
		ID:    "caches",
		Title: "Caches",
		Asks:  "Does something before the app answer from memory: Nginx's proxy cache, a CDN or the browser?",
		Why:   "The app is right, and the visitor sees the old page. Restarting it once more will not help.",
		Good: "The answer is the same at the app's socket, at Nginx on this machine and at the public address, with and " +
			"without a query that no cache can know.",
		Read: "Age, X-Cache, CF-Cache-Status, Cache-Status and Via name who answered. An Age greater than the time since " +
			"the deploy is proof. A bare address that answers old while the same one with ?t=NOW answers new is proof too. " +
			"What a browser keeps, the machine cannot see: a long max-age on a name without a hash, or a service worker, " +
			"is a warning only.",
		Mistake: "Testing in a browser with its own cache and a service worker, and concluding something about the server.",
		Commands: []string{
			"curl -sI {url}",
			"curl -sI \"{url}?t=$(date +%s)\"",
			"curl -s --unix-socket {socket} http://localhost/ | sha256sum; curl -s {url} | sha256sum",
		},
		IfItFails: "Purge the cache that answered, with its own tools. Give assets names that carry a hash, and pages a " +
			"Cache-Control that you can wait out.",
		See: []string{"cache-serves-old"},
	}
}
