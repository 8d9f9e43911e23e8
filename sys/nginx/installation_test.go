package nginx

import (
	"strings"
	"testing"

	"flasktui/sys"
	"flasktui/sys/memory"
)

// TestAnotherInstallation: the configuration of an Nginx that was started otherwise than PATH's
// is asked of its own program with its own options, and of none that others may write.
func TestAnotherInstallation(t *testing.T) {
	t.Parallel()
	const server = "http { server { listen 8080; } }"
	for title, test := range map[string]struct {
		executable string
		tests      string // the command line that tests it; empty for none
		says       string
	}{
		"nginx: master process /usr/sbin/nginx -g daemon on; master_process on;": {"/usr/sbin/nginx", "nginx -T", ""},
		"nginx: master process nginx":                                            {"/usr/sbin/nginx", "nginx -T", ""},
		"nginx: master process /usr/sbin/nginx -c /srv/site/nginx.conf":          {"/usr/sbin/nginx", "nginx -c /srv/site/nginx.conf -T", ""},
		"nginx: master process /opt/web/sbin/nginx":                              {"/opt/web/sbin/nginx", "/opt/web/sbin/nginx -T", ""},
		"nginx: master process sbin/nginx -p /srv/site":                          {"/opt/web/sbin/nginx", "/opt/web/sbin/nginx -p /srv/site -T", ""},
		"nginx: master process ./nginx":                                          {"", "", "could not be read"},
		"nginx: master process /opt/web/sbin/nginx -p .":                         {"/opt/web/sbin/nginx", "", "not known"},
		"nginx: master process /home/ada/nginx":                                  {"/home/ada/nginx", "", "/home/ada is not root's alone"},
		"nginx: master process /opt/web/sbin/nginx -c /home/ada/nginx.conf":      {"/opt/web/sbin/nginx", "", "sudo /opt/web/sbin/nginx -c /home/ada/nginx.conf -t"},
	} {
		var tested []string
		box := memory.Machine{
			Files: map[string]string{
				"/etc/nginx/nginx.conf": server, "/srv/site/nginx.conf": server, "/srv/site/conf/nginx.conf": server, "/opt/web/conf/nginx.conf": server,
				"/home/ada/nginx.conf": server, "/home/ada/nginx": "", "/opt/web/sbin/nginx": "",
			},
			Kept: map[string]sys.FileInfo{"/home/ada": {UID: 1000}},
			OnRun: func(command sys.Command) sys.Output {
				switch command.Argv[len(command.Argv)-1] {
				case "-V":
					if strings.HasPrefix(command.Argv[0], "/opt") {
						return sys.Output{Stderr: []byte("configure arguments: --prefix=/opt/web")}
					}
					return sys.Output{Stderr: []byte("configure arguments: --prefix=/usr/share/nginx --conf-path=/etc/nginx/nginx.conf")}
				default:
					tested = append(tested, strings.Join(command.Argv, " "))
					return sys.Output{Stdout: []byte("# configuration file /x:\n" + server)}
				}
			},
		}
		config, _, err := StartedAs(title, test.executable).ReadConfig(t.Context(), box)
		said := string(config.Untested)
		if err != nil {
			said = err.Error()
		}
		if strings.Join(tested, "; ") != test.tests || (test.says == "") != (said == "") || !strings.Contains(said, test.says) {
			t.Errorf("%s: %q, said %q", title, tested, said)
		}
	}
}
