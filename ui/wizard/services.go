package wizard

import (
	"context"
	"errors"

	tea "github.com/charmbracelet/bubbletea"

	"flasktui/steps"
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

// ofAnother are the options for another service than the one that was examined: what was said
// of that one (its URL, its directory, its release) does not hold for this one.
func (w *wizard) ofAnother(service string) steps.Options {
	if service != "" && (w.options.Service == "" || service == w.options.Service || service == w.service()) {
		options := w.options
		options.Service = service
		return options
	}
	options := w.options
	options.Service, options.URL, options.AppDir, options.Expect = service, "", "", ""
	options.VersionPath, options.StaticPath, options.ComposeFile, options.PIDFile = "", "", "", ""
	return options
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
	w.begin()
	return w.examine()
}
