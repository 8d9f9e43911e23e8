package rights

import (
	"strings"
	"testing"

	"flasktui/sys/nginx"
)

// TestWhatAnNginxFileGives: logs beside those that are open already are everyday.
func TestWhatAnNginxFileGives(t *testing.T) {
	t.Parallel()
	held := []string{"/var/log/nginx/access.log", "/etc/nginx/nginx.conf"}
	for text, want := range map[string]string{
		"server { root /srv/x; access_log off; error_log stderr; }":                   "",
		"access_log /var/log/nginx/shop.log combined;":                                "",
		"server {\n  access_log /etc/cron.d/x;\n}":                                    "access_log",
		"access_log /var/log/nginx/x;":                                                "access_log",
		"error_log /etc/nginx/x.conf;":                                                "error_log",
		"access_log /var/log/nginx/$host.log; # error_log /x":                         "",
		"access_log syslog:server=unix:/dev/log;":                                     "",
		"set $a \" #\"; access_log\n  /etc/cron.d/x;":                                 "access_log",
		"access_log /var/log/nginx/../../../etc/x.log;":                               "access_log",
		"load_module modules/x.so;":                                                   "load_module",
		"location / { content_by_lua_block { os.execute() } }":                        "content_by_lua_block",
		"proxy_cache_path /etc/x levels=1;":                                           "proxy_cache_path",
		"auth_basic \"for a user admin\"; proxy_set_header X-User user; set $user 1;": "",
	} {
		var keys []string
		directives, err := nginx.Directives(text)
		if err != nil {
			t.Errorf("%q: %v", text, err)
		}
		for _, change := range OfNginx(directives, held) {
			keys = append(keys, change.Key)
		}
		if got := strings.Join(keys, " "); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
