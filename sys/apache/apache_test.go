package apache

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"flasktui/sys/memory"
)

// debian is what Debian's package has, as far as it decides what follows.
func debian(site string) map[string]string {
	return map[string]string{
		"/etc/apache2/apache2.conf": "DefaultRuntimeDir ${APACHE_RUN_DIR}\nIncludeOptional mods-enabled/*.load\nIncludeOptional mods-enabled/*.conf\n" +
			"Include ports.conf\n# a comment that goes on \\\nWSGIScriptAlias / /nowhere.wsgi\nIncludeOptional sites-enabled/*.conf\n",
		"/etc/apache2/envvars":                "export APACHE_RUN_DIR=/var/run/apache2$SUFFIX\n",
		"/etc/apache2/ports.conf":             "Listen 80\n<IfModule ssl_module>\n\tListen 443\n</IfModule>\n",
		"/etc/apache2/mods-enabled/wsgi.load": "LoadModule wsgi_module /usr/lib/apache2/modules/mod_wsgi.so\n",
		"/etc/apache2/sites-enabled/one.conf": site,
	}
}

// TestAppsOfStrangers: which app mod_wsgi runs where, in what strangers have written.
func TestAppsOfStrangers(t *testing.T) {
	t.Parallel()
	daemon := func(name string, number int) *Daemon { return &Daemon{Name: name, Number: number, Processes: 1} }
	for _, c := range []struct {
		name, site string
		want       []App
	}{
		{
			"a group of its own, for http and https",
			`<VirtualHost *:80>
  ServerName shop.example
  WSGIDaemonProcess shop user=shop threads=5 home=/srv/shop python-path=/srv/shop/lib:/srv/lib python-home=/srv/shop/venv
  WSGIProcessGroup shop
  WSGIScriptAlias / /srv/shop/shop.wsgi
</VirtualHost>
<VirtualHost *:443>
  ServerName shop.example
  SSLEngine on
  WSGIProcessGroup shop
  WSGIScriptAlias / "/srv/shop/shop.wsgi"
</VirtualHost>
`,
			[]App{{
				Script: "/srv/shop/shop.wsgi", Prefix: "/", Reloads: true, Hosts: []int{1, 2}, Path: []string{"/srv/shop", "/srv/shop/lib", "/srv/lib"}, Home: "/srv/shop/venv",
				Daemon: &Daemon{Name: "shop", Number: 1, Processes: 1, User: "shop", Directory: "/srv/shop"},
			}},
		},
		{
			"embedded, as nothing else is said",
			"<VirtualHost *:80>\nServerName pond.example\nWSGIScriptAlias /app /srv/pond/pond.wsgi\n</VirtualHost>\nWSGIPythonPath /srv/pond:/opt/lib\n",
			[]App{{Script: "/srv/pond/pond.wsgi", Prefix: "/app", Reloads: true, Hosts: []int{1}, Path: []string{"/srv/pond", "/opt/lib"}}},
		},
		{
			"the group in the alias, loaded at the start",
			"<VirtualHost *:80>\nWSGIDaemonProcess a\nWSGIDaemonProcess b processes=3\nWSGIScriptAlias / /srv/b.wsgi process-group=b application-group=%{GLOBAL}\n</VirtualHost>\n",
			[]App{{Script: "/srv/b.wsgi", Prefix: "/", Reloads: true, AtStart: true, Hosts: []int{1}, Daemon: &Daemon{Name: "b", Number: 2, Processes: 3}}},
		},
		{
			"the group in the directory of the script, and no reloading",
			"WSGIDaemonProcess site\n<VirtualHost *:80>\nWSGIScriptAlias / /srv/site/wsgi.py\n<Directory /srv/site>\n<IfModule mod_wsgi.c>\nWSGIProcessGroup site\nWSGIScriptReloading Off\n</IfModule>\n</Directory>\n</VirtualHost>\n",
			[]App{{Script: "/srv/site/wsgi.py", Prefix: "/", Hosts: []int{1}, Daemon: daemon("site", 1)}},
		},
		{
			"two apps below one host, one of them in Apache's own processes",
			"WSGIDaemonProcess big\n<VirtualHost *:80>\nWSGIProcessGroup big\nWSGIScriptAlias /small /srv/small.wsgi\nWSGIScriptAlias / /srv/big.wsgi\n<Location /small>\nWSGIProcessGroup %{GLOBAL}\n</Location>\n</VirtualHost>\n",
			[]App{
				{Script: "/srv/small.wsgi", Prefix: "/small", Reloads: true, Hosts: []int{1}},
				{Script: "/srv/big.wsgi", Prefix: "/", Reloads: true, Hosts: []int{1}, Daemon: daemon("big", 1)},
			},
		},
		{
			"what does not hold on this box",
			"Define ROOT /srv/x\n<IfDefine STAGING>\nWSGIScriptAlias /staging /srv/staging.wsgi\n</IfDefine>\n<IfModule !wsgi_module>\nWSGIScriptAlias /no /srv/no.wsgi\n</IfModule>\n<IfModule ssl_module>\nWSGIScriptAlias /tls /srv/tls.wsgi\n</IfModule>\nWSGIScriptAlias / ${ROOT}/x.wsgi\n",
			[]App{{Script: "/srv/x/x.wsgi", Prefix: "/", Reloads: true, Hosts: []int{0}}},
		},
		{
			"loaded at the start by its own directive, in a group that varies",
			"WSGIDaemonProcess one\nWSGIImportScript /srv/a.wsgi process-group=one application-group=%{GLOBAL}\nWSGIScriptAlias /a /srv/a.wsgi process-group=one\nWSGIScriptAlias /b /srv/b.wsgi process-group=%{ENV:GROUP}\n",
			[]App{
				{Script: "/srv/a.wsgi", Prefix: "/a", Reloads: true, AtStart: true, Hosts: []int{0}, Daemon: daemon("one", 1)},
				{Script: "/srv/b.wsgi", Prefix: "/b", Reloads: true, Unsettled: true, Hosts: []int{0}},
			},
		},
		{"a directory of scripts", "WSGIScriptAlias /apps/ /srv/apps/\n", nil},
	} {
		config, err := Read(t.Context(), memory.Machine{Files: debian(c.site)}, InstallationOf([]string{"/usr/sbin/apache2", "-k", "start"}))
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		if diff := cmp.Diff(c.want, config.Apps, cmpopts.IgnoreUnexported(App{}, Daemon{}), cmpopts.IgnoreFields(App{}, "File", "Line"), cmpopts.IgnoreFields(Daemon{}, "File", "Line")); diff != "" {
			t.Errorf("%s (-want +got)\n%s", c.name, diff)
		}
	}
}

// TestInstallationOf: where Apache begins, by how it was started and whose build it is.
func TestInstallationOf(t *testing.T) {
	t.Parallel()
	for argv, main := range map[string]string{
		"/usr/sbin/apache2 -k start":                       "/etc/apache2/apache2.conf",
		"/usr/sbin/httpd -DFOREGROUND":                     "/etc/httpd/conf/httpd.conf",
		"/usr/local/apache2/bin/httpd -k start":            "/usr/local/apache2/conf/httpd.conf",
		"/usr/sbin/httpd -d /srv/web -f conf/site.conf":    "/srv/web/conf/site.conf",
		"/usr/sbin/apache2 -f /etc/apache2-x/apache2.conf": "/etc/apache2-x/apache2.conf",
	} {
		if got := InstallationOf(strings.Fields(argv)); got.Main != main {
			t.Errorf("%s begins with %s, not %s", argv, got.Main, main)
		}
	}
}

// TestConfigurationsThatApacheRefuses: each is told with its file and line.
func TestConfigurationsThatApacheRefuses(t *testing.T) {
	t.Parallel()
	for site, told := range map[string]string{
		"<VirtualHost *:80>\nServerName a\n":    "one.conf:1: <virtualhost> is not closed",
		"ServerName a\n</Directory>\n":          "one.conf:2: </Directory> closes nothing that is open",
		"<Directory /srv\n</Directory>\n":       "one.conf:1: a section without its >",
		"\nInclude conf/missing.conf\n":         "one.conf:2: ",
		"Include sites-enabled/one.conf\n":      "more files than are read",
		"<Directory />\n</VirtualHost>\nServ\n": "one.conf:2: </VirtualHost> closes nothing that is open",
	} {
		_, err := Read(t.Context(), memory.Machine{Files: debian(site)}, InstallationOf([]string{"/usr/sbin/apache2"}))
		if err == nil || !strings.Contains(err.Error(), told) {
			t.Errorf("%q: the error is %v, and does not tell %q", site, err, told)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add("<VirtualHost *:80>\nServerName a\nWSGIScriptAlias / \"/srv/a b.wsgi\" process-group=x\n</VirtualHost>\n")
	f.Add("<IfModule !mod_wsgi.c>\nDefine A ${A}\n</IfModule>\nInclude ${A}/*.conf\\\n\n")
	f.Fuzz(func(t *testing.T, site string) {
		_, _ = Read(t.Context(), memory.Machine{Files: debian(site)}, InstallationOf([]string{"/usr/sbin/apache2"}))
	})
}

// TestWhoAnswers: which app a URL leads to, among virtual hosts.
func TestWhoAnswers(t *testing.T) {
	t.Parallel()
	config, err := Read(t.Context(), memory.Machine{Files: debian(`<VirtualHost *:80>
ServerName first.example
WSGIScriptAlias / /srv/first.wsgi
</VirtualHost>
<VirtualHost 192.0.2.1:80 [2001:db8::1]:80>
ServerName second.example:80
ServerAlias www.second.example *.shop.example
WSGIScriptAlias /app /srv/app.wsgi
WSGIScriptAlias / /srv/second.wsgi
</VirtualHost>
<VirtualHost *:8080>
DocumentRoot /var/www
</VirtualHost>
`)}, InstallationOf([]string{"/usr/sbin/apache2"}))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		port int
		at   string
		want string
	}{
		{"first.example", 80, "/", "/srv/first.wsgi"},
		{"unknown.example", 80, "/", "/srv/first.wsgi"},
		{"SECOND.example", 80, "/", "/srv/second.wsgi"},
		{"www.second.example", 80, "/app/page", "/srv/app.wsgi"},
		{"www.second.example", 80, "/apple", "/srv/second.wsgi"},
		{"a.shop.example", 80, "/", "/srv/second.wsgi"},
		{"first.example", 8080, "/", ""},
		{"first.example", 443, "/", ""},
	} {
		app, _ := config.AppFor(c.name, c.port, c.at)
		if app.Script != c.want {
			t.Errorf("%s:%d%s is answered by %q, not %q", c.name, c.port, c.at, app.Script, c.want)
		}
	}
}
