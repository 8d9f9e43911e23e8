package fixes

import (
	"slices"
	"time"

	"flasktui/steps/box"
	"flasktui/steps/guide"
	"flasktui/sys"
)

// Kind is one fix: what can be known of it without a box, and what it comes to on one.
type Kind struct {
	ID    string
	Title string
	// nginx says that it changes the Nginx before the service alone: it may be done for a
	// service that nothing starts again, or that could not be told from others.
	nginx bool
	// endsNothing says that the service's master lives on: it may be done, where its plan is not
	// refused, for a service that nothing starts again.
	endsNothing bool
	// fits tells whether there is such a thing for what serves on the box: where there is not, it
	// is not offered at all. nil where it rests on no one server.
	fits func(*box.Box) bool
	// patience is how long its effect may take after its commands ended, though nothing is
	// seen to start.
	patience time.Duration
	// plan makes it ready for a box: the exact commands, what they do, their risk and how
	// to undo them, and why they may not run (its preconditions). Whether root's rights
	// are needed follows from the commands.
	plan func(*box.Box) Prepared
	// done tells, from a look before and a look after, whether the effect is there; the
	// text says what is missing.
	done func(before, after *box.Box) (bool, sys.Text)
	// page teaches it: its id and title are the fix's.
	page guide.Page
}

const (
	// soon is for effects that come at once or not at all.
	soon = 8 * time.Second
	// graceful is for effects that wait for requests to end: Gunicorn's graceful timeout,
	// Nginx's attempts to bind (G28), or an app that is still imported.
	graceful = 35 * time.Second
)

// Page teaches the fix.
func (kind Kind) Page() guide.Page {
	page := kind.page
	page.ID, page.Title = kind.ID, kind.Title
	return page
}

// IDs are the ids of fixes, best first, as a document names them.
func IDs(kinds ...func() Kind) []string {
	ids := make([]string, len(kinds))
	for index, kind := range kinds {
		ids[index] = kind().ID
	}
	return ids
}

// ByID finds the fix that a person or a document names; ok is false where there is none.
func ByID(id string) (Kind, bool) {
	all := All()
	index := slices.IndexFunc(all, func(kind Kind) bool { return kind.ID == id })
	if index < 0 {
		return Kind{}, false
	}
	return all[index], true
}

// OfNginx are those of the ids whose fixes change the Nginx before the service alone.
func OfNginx(ids []string) []string {
	return slices.DeleteFunc(slices.Clone(ids), func(id string) bool {
		kind, _ := ByID(id)
		return !kind.nginx
	})
}

// Fitting are those of the ids that there is such a thing of, for what serves on the box.
func Fitting(b *box.Box, ids []string) []string {
	return slices.DeleteFunc(slices.Clone(ids), func(id string) bool {
		kind, _ := ByID(id)
		return kind.fits != nil && !kind.fits(b)
	})
}

// WithoutAStart are those of the ids whose fixes start no service: those that change the Nginx
// before it alone, and those that leave its master running, where they would do.
func WithoutAStart(b *box.Box, ids []string) []string {
	return slices.DeleteFunc(slices.Clone(ids), func(id string) bool {
		kind, _ := ByID(id)
		return !kind.nginx && (!kind.endsNothing || kind.plan(b).Blocked != "")
	})
}
