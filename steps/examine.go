package steps

import (
	"context"
	"fmt"
	"strings"

	"flasktui/sys"
)

// Examination is one look at a box: the facts as far as they are known, and what follows
// from them. It is not changed once handed out.
type Examination struct {
	Report Report
	// Pending is how many groups of facts are still being read, of Total.
	Pending, Total int
	// Reading names what is being read now, for a progress line.
	Reading []string
}

// Examine looks at the box and judges it. watch, if not nil, is called with each
// intermediate state, steps whose facts are not there yet being Pending; calls come one
// at a time, the last one before Examine returns holding the finished report.
//
// The error is a *TargetError where the person has to say which service is meant, or
// where what was said does not exist; whatever could not be read is told inside the
// report.
func Examine(ctx context.Context, machine sys.Machine, options Options, watch func(Examination)) (Examination, error) {
	panic("to be written")
}

// TargetError means that there is no telling what to examine.
type TargetError struct {
	Problem sys.Text
	Hint    sys.Text
	// Services are the candidates, where there are several.
	Services []string
}

func (e *TargetError) Error() string {
	if len(e.Services) == 0 {
		return string(e.Problem)
	}
	return fmt.Sprintf("%s: %s", e.Problem, strings.Join(e.Services, ", "))
}
