package cli

import (
	"cmp"
	"errors"
	"fmt"
	"strings"

	"flasktui/steps"
	"flasktui/sys"
	"flasktui/ui/config"
	"flasktui/ui/lock"
	"flasktui/ui/remote"
)

// failure is an error that knows what the person can do about it.
type failure struct {
	problem string
	hint    string
	// cause is what it is about, where that knows more; nil for most.
	cause error
}

func (f *failure) Error() string { return f.problem }

func (f *failure) Unwrap() error { return f.cause }

// fail makes a failure; with gives it its hint.
func fail(format string, arguments ...any) *failure {
	return &failure{problem: fmt.Sprintf(format, arguments...)}
}

// with takes the first of some hints that there is, unless one is known already: a person can
// do one thing at a time, so the most telling comes first.
func (f *failure) with(hints ...string) *failure {
	f.hint = cmp.Or(append([]string{f.hint}, hints...)...)
	return f
}

// complain prints an error and its hint, each on one line. Much of it was typed or read
// somewhere, so it is made safe to show.
func (r *run) complain(err error) {
	r.sayf("flasktui: %s\n", line(string(sys.ErrorText(err))))
	if hint := hintOf(err); hint != "" {
		r.sayf("flasktui: hint: %s\n", line(hint))
	}
}

func line(text string) string {
	return strings.Join(strings.Fields(string(sys.Safe(text))), " ")
}

func hintOf(err error) string {
	var known *failure
	if errors.As(err, &known) {
		return known.hint
	}
	var distrust *config.TrustError
	if errors.As(err, &distrust) {
		return distrust.Hint
	}
	var there *remote.Problem
	if errors.As(err, &there) {
		return there.Hint
	}
	var busy *lock.BusyError
	if errors.As(err, &busy) {
		return busy.Hint()
	}
	var target *steps.TargetError
	if errors.As(err, &target) {
		return string(target.Hint)
	}
	return ""
}
