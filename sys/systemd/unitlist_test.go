package systemd

import (
	"slices"
	"strings"
	"testing"
)

// listed is what systemctl 257 printed on a box with a failed unit.
const listed = `dbus.service                     loaded    active       running      D-Bus System Message Bus
nginx.service                    loaded    active       running      A high performance web server and a reverse proxy server
quiz.service                     loaded    failed       failed       quiz site
shop@blue.service                loaded    activating   auto-restart shop blue
syslog.service                   not-found inactive     dead         syslog.service
`

func TestParseUnitStates(t *testing.T) {
	states, err := ParseUnitStates(strings.NewReader(listed + "\nshort line\n"))
	if err != nil {
		t.Fatal(err)
	}
	var troubled []string
	for _, state := range states {
		if state.Troubled() {
			troubled = append(troubled, state.Name)
		}
	}
	if len(states) != 5 || !slices.Equal(troubled, []string{"quiz.service", "shop@blue.service"}) {
		t.Errorf("%d units, in trouble %v", len(states), troubled)
	}
}

func FuzzParseUnitStates(f *testing.F) {
	f.Add(listed)
	f.Add("● x.service loaded failed failed x")
	f.Fuzz(func(t *testing.T, text string) {
		states, _ := ParseUnitStates(strings.NewReader(text))
		for _, state := range states {
			if state.Name == "" || strings.ContainsAny(state.Name, " \n\t") {
				t.Errorf("a unit called %q", state.Name)
			}
		}
	})
}
