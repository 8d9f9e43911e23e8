package practice

import (
	"slices"
	"strings"
	"testing"
)

// TestNginxRefusesAConfiguration as the real one does, with the place, and runs on with the
// one that it has.
func TestNginxRefusesAConfiguration(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"keepalive_timeout 65;\nproxy_pas http://x;\n":      `[emerg] unknown directive "proxy_pas" in /etc/nginx/conf.d/own.conf:2`,
		"proxy_cache_path;\n":                               `[emerg] invalid number of arguments in "proxy_cache_path" directive in /etc/nginx/conf.d/own.conf:1`,
		"\nserver {\n    listen 8080;\n":                    "/etc/nginx/conf.d/own.conf:",
		"server { listen 8080; } }\n":                       "/etc/nginx/conf.d/own.conf:",
		"listen 80;\n":                                      `[emerg] "listen" directive is not allowed here in /etc/nginx/conf.d/own.conf:1`,
		"include /etc/nginx/gone.conf;\n":                   `[emerg] open() "/etc/nginx/gone.conf" failed (2: No such file or directory) in /etc/nginx/conf.d/own.conf:1`,
		"upstream own { server nowhere.example; }\n":        `[emerg] host not found in upstream "nowhere.example" in /etc/nginx/conf.d/own.conf:1`,
		"include /etc/nginx/conf.d/own.conf;\n":             "include cycle",
		"map $uri $own { default 0; ~^/a 1; }\n# } not {\n": "",
		"include /etc/nginx/none-of-these/*.conf;\n":        "",
	} {
		box := open(t, "healthy")
		before := box.nginx.workers
		box.write("/etc/nginx/conf.d/own.conf", text)
		config, said := box.testNginx()
		if refused := config == nil; refused != (want != "") || !strings.Contains(said, want) || refused && !strings.HasPrefix(said, "nginx: [emerg] ") {
			t.Errorf("%q: refused: %t, and said\n%s", text, refused, said)
		}
		if box.nginx.reload(); slices.Equal(box.nginx.workers, before) != (want != "") {
			t.Errorf("%q: whether its workers are others after a reload does not fit", text)
		}
	}
}
