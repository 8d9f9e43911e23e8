package wizard

import (
	"context"
	"errors"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"flasktui/steps"
	"flasktui/sys"
)

// listedMsg is which services a box has: the error of a look for nothing in particular names
// them; without one there is one service alone.
type listedMsg struct{ err error }

// glancedMsg is what came of a look at one service of the chooser.
type glancedMsg struct {
	glances     int
	service     string
	examination steps.Examination
	err         error
}

// listServices looks for the services of this box, to go to another one.
func (w *wizard) listServices() tea.Cmd {
	w.say("Looking for the services of this box.")
	ctx, config, options := w.ctx, w.config, w.ofAnother("")
	return guard("looking for services", func() tea.Msg {
		_, err := config.Examine(ctx, config.Machine, options, nil)
		return listedMsg{err}
	})
}

// ofAnother are the options for another service than the one that was asked for: what was said
// of that one (its URL, its directory, its release) does not hold for this one, and holds again
// for whoever comes back to it.
func (w *wizard) ofAnother(service string) steps.Options {
	if service != "" && (w.home == "" || service == w.home) {
		options := w.config.Options
		options.Service = service
		return options
	}
	options := w.config.Options
	options.Service, options.URL, options.AppDir, options.Expect = service, "", "", ""
	options.VersionPath, options.StaticPath, options.ComposeFile, options.PIDFile = "", "", "", ""
	return options
}

// leftBehind names the flags that were said of the service that was asked for, and do not hold
// for another one.
func (w *wizard) leftBehind() []string {
	given := w.config.Options
	var flags []string
	for _, one := range []struct{ flag, value string }{
		{"--url", given.URL},
		{"--app-dir", given.AppDir},
		{"--expect", given.Expect},
		{"--version-path", given.VersionPath},
		{"--static-path", given.StaticPath},
		{"--compose-file", given.ComposeFile},
		{"--pidfile", given.PIDFile},
	} {
		if one.value != "" {
			flags = append(flags, one.flag)
		}
	}
	return flags
}

// listed shows the services, and begins to look at each.
func (w *wizard) listed(msg listedMsg) tea.Cmd {
	var target *steps.TargetError
	if !errors.As(msg.err, &target) || len(target.Services) == 0 {
		w.say("No other service with a server of Python apps is seen on this box.")
		return nil
	}
	w.chooser.open(target, w.service())
	w.chooser.browsing = true
	w.show(chooserKind)
	return w.glance()
}

// glance looks at the next service that the chooser has nothing of, one at a time: a box that is
// in trouble is not to have many looks at once.
func (w *wizard) glance() tea.Cmd {
	service := w.chooser.unseen()
	if service == "" || w.shown != chooserKind {
		return nil
	}
	if w.chooser.cancel != nil {
		w.chooser.cancel()
	}
	ctx, cancel := context.WithCancel(w.ctx)
	w.chooser.cancel = cancel
	w.chooser.glances++
	number, config, options := w.chooser.glances, w.config, w.ofAnother(service)
	return guard("looking at "+service, func() tea.Msg {
		examination, err := config.Examine(ctx, config.Machine, options, nil)
		return glancedMsg{number, service, examination, err}
	})
}

func (w *wizard) glanced(msg glancedMsg) tea.Cmd {
	if msg.glances != w.chooser.glances || w.shown != chooserKind {
		return nil
	}
	w.chooser.saw(msg.service, msg.examination, msg.err)
	return w.glance()
}

// chosen examines the service that was chosen in the chooser.
func (w *wizard) chosen(service string) tea.Cmd {
	w.chooser.stop()
	w.options = w.ofAnother(service)
	if flags := w.leftBehind(); service != w.home && w.home != "" && len(flags) > 0 {
		w.say("%s: without %s, said of %s.", sys.Safe(service), strings.Join(flags, ", "), sys.Safe(w.home))
	}
	w.begin()
	return w.examine()
}
