package sys

import (
	"context"
	"errors"
	"net"
	"os"
	"strings"
	"syscall"
)

// ErrorText is an error as a person is told of it: what Go's own packages say in a
// programmer's words is said in plain ones, wherever in the error it stands.
func ErrorText(err error) Text {
	if err == nil {
		return ""
	}
	text := err.Error()
	var dialled *net.OpError
	if errors.As(err, &dialled) && dialled.Op == "dial" {
		// "dial tcp 127.0.0.1:8000: connect: ": whoever asked has named the address.
		text = strings.ReplaceAll(text, dialled.Error(), unreached(dialled))
	}
	for _, known := range []struct {
		is    error
		plain string
	}{
		{context.DeadlineExceeded, "no answer in time"},
		{os.ErrDeadlineExceeded, "no answer in time"},
		{context.Canceled, "stopped before its end"},
	} {
		if errors.Is(err, known.is) {
			text = strings.ReplaceAll(text, known.is.Error(), known.plain)
		}
	}
	// net/http names itself, and what it was about; what was wrong with the answer comes after.
	text = strings.ReplaceAll(text, "net/http: HTTP/1.x transport connection broken: ", "")
	return Safe(strings.ReplaceAll(text, "net/http: ", ""))
}

// unreached says why a connection did not come about.
func unreached(dialled *net.OpError) string {
	switch {
	case dialled.Timeout():
		return "no answer in time"
	case errors.Is(dialled, syscall.ECONNREFUSED):
		return "connection refused: nothing listens there"
	case errors.Is(dialled, os.ErrNotExist):
		return "there is no such socket"
	case errors.Is(dialled, os.ErrPermission):
		return "may not be connected to"
	}
	return strings.TrimPrefix(dialled.Err.Error(), "connect: ")
}
