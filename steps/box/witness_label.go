package box

import (
	"slices"
	"strings"

	"flasktui/steps/facts"
	"flasktui/sys"
)

// askLabel: what the app answers as its release, where the source on disk shows from which of
// its strings, or which file, that comes, and there it is another one by now. A label that is
// the same says nothing (G49), nor does another one where nothing changed since the start.
func askLabel(b *Box, one Loader) testimony {
	label, another := b.answersAnotherLabel()
	started, code := one.Process.Started, b.Code.Value
	own := one.Role == "worker" || one.Role == "master"
	entered := b.Deployment.Value.Entered
	changed := slices.ContainsFunc([]facts.Change{one.Missed, code.Unsettled, code.Touched, code.Source}, func(change facts.Change) bool { return After(change.At, started) }) ||
		entered != nil && entered.Problem == "" && After(entered.Changed, started)
	if !another || !own || started.IsZero() || !changed || len(b.Own()) != 1 || !b.IsOwnProcess(one.Process.PID) {
		return testimony{}
	}
	site := b.Site.Value
	where := sys.Textf("%s", label.Path)
	if label.Line > 0 {
		where += sys.Textf(", line %d", label.Line)
	}
	return testimony{
		state: Stale, source: sys.Textf("GET %s", site.VersionPath),
		why: sys.Textf("the app answers %q at %s each time, and the code on disk would answer %q (%s)", b.AppTally().Only(), site.VersionPath, label.Value, where),
	}
}

// answersAnotherLabel is the only label that the source on disk can answer in the place of what
// the app does; another is false where it may be the same, or is not known.
func (b *Box) answersAnotherLabel() (label facts.Label, another bool) {
	tally := b.AppTally()
	said := tally.Only()
	if strings.HasPrefix(tally.From, "header") {
		return facts.Label{}, false // the view does not make it
	}
	for _, one := range b.Code.Value.Labels {
		switch {
		case said == "" || SameRelease(one.Value, said):
			return facts.Label{}, false
		case !NamedAlike(one.Value, said) || one.Value == label.Value:
		case another:
			return facts.Label{}, false
		default:
			label, another = one, true
		}
	}
	return label, another
}

// IsOwnProcess tells whether a process is of the service's own Gunicorn.
func (b *Box) IsOwnProcess(pid int) bool {
	return slices.ContainsFunc(b.Own(), func(gunicorn facts.Gunicorn) bool {
		members := append([]facts.Process{gunicorn.Master}, gunicorn.Workers...)
		return slices.ContainsFunc(members, func(member facts.Process) bool { return member.PID == pid })
	})
}
