package cli

import (
	"bufio"
	"context"
	"errors"
	"io"
	"strings"
)

// confirm asks on the terminal whether the plan above may run; unasked says how to do
// without, where there is none.
func (r *run) confirm(ctx context.Context, unasked string) error {
	if !r.interactive() {
		return fail("there is no terminal to ask on, so nothing was run").with(unasked)
	}
	// What was typed before the question cannot be the answer to it.
	discardTyped(r.Stdin)
	r.sayf("Run this? Type y and enter; anything else cancels: ")
	answer, err := readAnswer(ctx, r.Stdin)
	if err != nil {
		r.sayf("\n")
	}
	switch {
	case err == nil && answer == "y":
		return nil
	case err == nil, errors.Is(err, io.EOF):
		return errCancelled
	}
	return err
}

var errCancelled = fail("cancelled, nothing was run")

// longestAnswer is more than a y needs.
const longestAnswer = 64

// readAnswer reads one line; io.EOF says that there was none any more. A reader that waits for a terminal cannot be stopped, so it
// is left behind when the context ends: the program is about to end too.
func readAnswer(ctx context.Context, input io.Reader) (string, error) {
	answers := make(chan string, 1)
	go func() {
		// Why it ended makes no difference to what was typed before.
		typed, _ := bufio.NewReader(io.LimitReader(input, longestAnswer)).ReadString('\n')
		answers <- typed
	}()
	select {
	case typed := <-answers:
		if !strings.HasSuffix(typed, "\n") && len(typed) < longestAnswer {
			return "", io.EOF
		}
		return strings.TrimSpace(typed), nil
	case <-ctx.Done():
		return "", ctx.Err()
	}
}
