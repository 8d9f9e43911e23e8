package nginx

import "testing"

// TestWhereAPassLeads: a socket's path by whatever number of slashes, and a host with its port.
func TestWhereAPassLeads(t *testing.T) {
	t.Parallel()
	config := Config{Upstreams: []Upstream{{Name: "behind", Servers: []UpstreamServer{{Address: "unix:///run/b.sock"}}}}}
	for pass, want := range map[string]string{
		"unix:///run/a.sock": "unix:/run/a.sock", "unix:/run/a.sock": "unix:/run/a.sock", "http://unix:/run/a.sock:/x": "unix:/run/a.sock",
		"http://unix:///run/a.sock": "unix:/run/a.sock", "uwsgi://unix:/run/a.sock": "unix:/run/a.sock", "behind": "unix:/run/b.sock",
		"127.0.0.1:3031": "127.0.0.1:3031", "uwsgi://127.0.0.1:3031": "127.0.0.1:3031",
	} {
		backends := config.Backends(Location{Pass: pass})
		if len(backends) != 1 || backends[0].Address != want {
			t.Errorf("%s: %+v", pass, backends)
		}
	}
}
