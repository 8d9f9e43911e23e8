package nginx

import "testing"

// TestAnsweringFor: a request ends where try_files and error_page hand it on to, as long as
// somebody is there; and what only answers by itself is the one that was chosen.
func TestAnsweringFor(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, block, path, pass string
		unread, redirects       string
	}{
		{name: "passed on at once", block: `location / { proxy_pass http://app; }`, path: "/", pass: "http://app"},
		{name: "a named location", block: `root /srv; location / { try_files $uri @app; } location @app { proxy_pass http://app; }`, path: "/", pass: "http://app"},
		{name: "what is not found", block: `root /srv; error_page 404 = @app; location / { } location @app { proxy_pass http://app; }`, path: "/a", pass: "http://app"},
		{name: "another path", block: `root /srv; location / { try_files $uri /app$uri; } location /app/ { proxy_pass http://app; }`, path: "/a", pass: "http://app"},
		{name: "an outage is no such thing", block: `root /srv; error_page 502 504 /50x.html; location / { } location /50x.html { proxy_pass http://app; }`, path: "/"},
		{name: "files", block: `root /var/www/html; location / { try_files $uri $uri/ =404; }`, path: "/"},
		{name: "the files of a single page", block: `root /var/www/spa; location / { try_files $uri /index.html; } location /api/ { proxy_pass http://app; }`, path: "/"},
		{name: "in a circle", block: `root /srv; location / { try_files $uri @a; } location @a { try_files $uri @a; }`, path: "/"},
		{name: "nobody of that name", block: `root /srv; location / { try_files $uri @gone; }`, path: "/"},
		{name: "a condition", block: `root /srv; location / { if ($cookie_beta) { proxy_pass http://app; } }`, path: "/", unread: "if"},
		{name: "a script", block: `root /srv; location / { content_by_lua_block { ngx.say("a") } }`, path: "/", unread: "content_by_lua_block"},
		{name: "a rewrite before all locations", block: `root /srv; rewrite ^/a /b; location / { }`, path: "/", unread: "rewrite"},
		{name: "a redirect", block: `location / { return 301 https://$host$request_uri; }`, path: "/", redirects: "https://$host$request_uri"},
		{name: "an address alone", block: `location / { return https://b.example/; }`, path: "/", redirects: "https://b.example/"},
		{name: "a fixed answer", block: `location / { return 404; }`, path: "/"},
		{name: "a fixed text", block: `location / { return 200 "see https"; }`, path: "/"},
	} {
		server := dumpOf(t, `http { server { `+test.block+` } }`).Servers[0]
		location, ok := server.AnsweringFor(test.path)
		to, _ := location.RedirectsTo()
		if !ok || location.Pass != test.pass || location.Unread != test.unread || to != test.redirects && test.redirects != "" || test.redirects == "" && hasRedirect(location) {
			t.Errorf("%s: %v %+v, redirects to %q", test.name, ok, location, to)
		}
	}
}

func hasRedirect(location Location) bool {
	_, ok := location.RedirectsTo()
	return ok
}
