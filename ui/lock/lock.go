// Package lock lets one fix at a time run on a box, whoever begins it and by whichever
// face.
//
// The lock is a listening socket in Linux' abstract namespace. It needs no file, so there is
// no directory that both root and everybody else could write to and no link to follow; the
// kernel ends it with its owner, however that ends; and it can be asked who holds it, which
// the kernel vouches for. Anybody on the box may take it: then the others are told who that
// is, and by which process.
//
// It is put around an Apply of steps. Begin with Wrap.
package lock

import (
	"context"
	"fmt"
	"time"

	"flasktui/steps"
	"flasktui/steps/report"
	"flasktui/sys"
	"flasktui/ui/record"
)

// Name is that of the lock on a real box.
const Name = "flasktui/fix"

// Holder is who runs a fix, and which.
type Holder struct {
	User    string      `json:"-"`
	PID     int         `json:"-"`
	Fix     string      `json:"fix"`
	Service string      `json:"service"`
	Since   report.Time `json:"since"`
}

// BusyError says that another fix runs on this box.
type BusyError struct{ Holder Holder }

func (e *BusyError) Error() string {
	what := "something"
	if e.Holder.Fix != "" {
		what = fmt.Sprintf("the fix %q of %s", e.Holder.Fix, e.Holder.Service)
	}
	text := sys.Textf("%s (process %d) runs %s on this box", e.Holder.User, e.Holder.PID, what)
	if !e.Holder.Since.IsZero() {
		text += sys.Textf(", since %s", e.Holder.Since.Local().Format("2006-01-02 15:04:05 MST"))
	}
	return string(text)
}

// Hint says what to do.
func (e *BusyError) Hint() string { return "one fix at a time; look again when it has ended" }

// Wrap returns an Apply that runs only while it alone holds the lock of that name; without
// a name there is none. Who comes second is told at once: what they were shown is about to
// change, so there is nothing to wait for.
func Wrap(apply record.Apply, name string, now func() time.Time) record.Apply {
	if name == "" {
		return apply
	}
	return func(ctx context.Context, machine sys.Machine, options steps.Options, before steps.Examination,
		plan report.Plan, progress func(steps.Progress),
	) (steps.Outcome, error) {
		release, err := acquire(ctx, name, Holder{Fix: plan.ID, Service: string(before.Report.Target.Service), Since: report.Time{Time: now()}})
		if err != nil {
			return steps.Outcome{After: before}, err
		}
		defer release()
		return apply(ctx, machine, options, before, plan, progress)
	}
}
