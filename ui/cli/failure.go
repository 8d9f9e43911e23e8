package cli

import (
	"errors"
	"fmt"
	"strings"

	"flasktui/steps"
	"flasktui/sys"
	"flasktui/ui/config"
	"flasktui/ui/lock"
)

// failure is an error that knows what the person can do about it.
type failure struct {
	problem string
	hints   []string
}

func (f *failure) Error() string { return f.problem }

// fail makes a failure; with adds hints to it.
func fail(format string, arguments ...any) *failure {
	return &failure{problem: fmt.Sprintf(format, arguments...)}
}

func (f *failure) with(hints ...string) *failure {
	for _, hint := range hints {
		if hint != "" {
			f.hints = append(f.hints, hint)
		}
	}
	return f
}

// complain prints an error and its hints, each on one line. Much of it was typed or read
// somewhere, so it is made safe to show.
func (r *run) complain(err error) {
	r.sayf("flasktui: %s\n", line(err.Error()))
	for _, hint := range hintsOf(err) {
		r.sayf("flasktui: hint: %s\n", line(hint))
	}
}

func line(text string) string {
	return strings.Join(strings.Fields(string(sys.Safe(text))), " ")
}

func hintsOf(err error) []string {
	var known *failure
	if errors.As(err, &known) {
		return known.hints
	}
	var distrust *config.TrustError
	if errors.As(err, &distrust) {
		return []string{distrust.Hint}
	}
	var busy *lock.BusyError
	if errors.As(err, &busy) {
		return []string{busy.Hint()}
	}
	var target *steps.TargetError
	if errors.As(err, &target) && target.Hint != "" {
		return []string{string(target.Hint)}
	}
	return nil
}
