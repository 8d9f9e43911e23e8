package wizard

import (
	"fmt"
	"strings"
	"testing"

	"github.com/charmbracelet/x/exp/golden"

	"flasktui/ui/theme"
)

// TestLooks keeps the colours and weights, and what is left where there are none.
func TestLooks(t *testing.T) {
	plain := func(name string) string {
		return map[string]string{"LANG": "C.UTF-8", "NO_COLOR": "1"}[name]
	}
	latin := func(name string) string { return map[string]string{"LANG": "de_DE.ISO-8859-1"}[name] }
	for _, look := range []look{
		{"Auto", Config{}, false},
		{"Dark", Config{Theme: theme.Dark}, true},
		{"Light", Config{Theme: theme.Light}, true},
		{"NoColor", Config{Getenv: plain}, true},
		{"ASCII", Config{ASCII: true}, false},
		{"Latin", Config{Getenv: latin}, false},
	} {
		for _, page := range pages {
			few := !look.whole && page.name != "Stale" && page.name != "Walk" && page.name != "Dialog"
			if few {
				continue
			}
			t.Run(look.name+"/"+page.name, func(t *testing.T) {
				golden.RequireEqual(t, look.screens(t, page))
			})
		}
	}
}

// look is one of the ways in which the wizard may look.
type look struct {
	name   string
	config Config
	// whole says that every page is kept in it, in every size; else a few at 80x24.
	whole bool
}

// screens are a page's screens in one look.
func (look look) screens(t *testing.T, page screen) string {
	config := page.config
	config.Theme, config.Getenv, config.ASCII = look.config.Theme, look.config.Getenv, look.config.ASCII
	b := page.open(t, config)
	if !look.whole {
		return b.View() + "\n"
	}
	var all strings.Builder
	for _, size := range sizes {
		b.size(size[0], size[1])
		fmt.Fprintf(&all, "%dx%d\n%s\n", size[0], size[1], b.View())
	}
	return all.String()
}
