package lab

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
)

// The verdicts of a check.
const (
	fresh        = "fresh"
	stale        = "stale"
	mixed        = "mixed"
	down         = "down"
	inconclusive = "inconclusive"
)

// Fault is a way for a site to serve old code after a deploy, on a box of its
// own, with what flasktui has to say of it. A healthy box is a fault with the
// verdict fresh: it only looks broken.
type Fault struct {
	Name    string
	Verdict string
	Cause   string   // that has to come first; none on a healthy box, or where no cause of the contract fits
	Also    []string // causes that have to be named as well
	Fix     string   // that cures it; empty where there is only advice
	Chosen  bool     // the fix is asked for by its id, it is not the first
	Refused []string // fixes that would do harm here, and must be blocked
	Lacking []string // fixes that there are none of here, and must not be listed
	Runs    string   // a part of what the fix runs, where its id does not tell it
	Tells   []string // words of the first cause, its advice included

	Site  Site
	Break Act
	Then  []string // what flasktui is told once cured, where it was told wrong
	Cure  Act      // by hand, where flasktui only advises, or what is left to do after its fix

	// What visitors see: Word is looked for in the page ("edition", "layout",
	// "mode") or the stylesheet ("style"). Was is what it is while broken: the
	// old value, "" when nothing answers. Is is what it is when cured.
	Word    string
	Was, Is string
	Look    func(ctx context.Context, c *Case) (string, error) // in place of Word

	Started bool // the site is not fresh before it is broken, for lack of a proof
}

// Healthy tells a box on which nothing is wrong.
func (f Fault) Healthy() bool { return f.Verdict == fresh && f.Cause == "" }

// Find returns the fault or the healthy box of that name.
func Find(name string) (Fault, bool) {
	for _, f := range All() {
		if f.Name == name {
			return f, true
		}
	}
	return Fault{}, false
}

// All are all the boxes that the lab knows, broken and healthy.
func All() []Fault { return slices.Concat(Faults(), Containers(), Healthy(), []Fault{Big()}) }

// Small is the box that flasktui is measured on: one stale site, as most have it.
func Small() Fault {
	f, _ := Find("switched-not-restarted")
	return f
}

// defaults fills in what visitors see of an ordinary fault.
func (f Fault) defaults() Fault {
	if f.Word == "" {
		f.Word = "edition"
	}
	if f.Is == "" {
		f.Is = "harvest"
	}
	if f.Was == "" && f.Verdict != down {
		f.Was = "spring"
	}
	if f.Healthy() {
		f.Was = f.Is
	}
	return f
}

// Live is what visitors see now: the values of the fault's word, joined with
// commas when the answers differ, or nothing when the site does not answer.
func (f Fault) Live(ctx context.Context, c *Case) (string, error) {
	f = f.defaults()
	if f.Look != nil {
		return f.Look(ctx, c)
	}
	values, err := c.Serves(ctx, c.Site, f.Word, 12)
	if err != nil && f.Verdict == down && len(values) == 0 {
		return "", nil
	}
	return strings.Join(values, ","), err
}

// Broken breaks the box and proves by asking the site that it is broken.
func (f Fault) Broken(ctx context.Context, c *Case) error {
	f = f.defaults()
	if f.Break != nil {
		if err := f.Break(ctx, c); err != nil {
			return fmt.Errorf("break %s: %w", f.Name, err)
		}
	}
	return f.shows(ctx, c, f.Was)
}

// Cured proves by asking the site that what should be live is live.
func (f Fault) Cured(ctx context.Context, c *Case) error {
	f = f.defaults()
	return f.shows(ctx, c, f.Is)
}

// shows waits until visitors see that. Nginx takes a moment to hand over to new
// workers, and so do servers that were just started.
func (f Fault) shows(ctx context.Context, c *Case, want string) error {
	return c.Wait(ctx, 5*time.Second, func() error {
		got, err := f.Live(ctx, c)
		if err != nil {
			return fmt.Errorf("ask the site: %w", err)
		}
		if got != want {
			return fmt.Errorf("the site serves %s %q, not %q", f.Word, got, want)
		}
		return nil
	})
}
