package sys

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// TestNobodyIsToldAnErrorOfGosOwn: what people read names neither contexts nor dialling.
func TestNobodyIsToldAnErrorOfGosOwn(t *testing.T) {
	var dialer net.Dialer
	_, missing := dialer.DialContext(t.Context(), "unix", filepath.Join(t.TempDir(), "none.sock"))
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	_ = listener.Close()
	_, refused := dialer.DialContext(t.Context(), "tcp", address)
	late, cancel := context.WithDeadline(t.Context(), time.Now().Add(-time.Second))
	defer cancel()
	_, slow := dialer.DialContext(late, "tcp", address)
	for _, test := range []struct {
		err  error
		want Text
	}{
		{nil, ""},
		{fmt.Errorf("nginx -T: %w", context.DeadlineExceeded), "nginx -T: no answer in time"},
		{fmt.Errorf("read: %w", os.ErrDeadlineExceeded), "read: no answer in time"},
		{fmt.Errorf("docker ps: %w", context.Canceled), "docker ps: stopped before its end"},
		{fmt.Errorf("GET http://x/: %w", refused), "GET http://x/: connection refused: nothing listens there"},
		{fmt.Errorf("GET http://x/: %w", missing), "GET http://x/: there is no such socket"},
		{fmt.Errorf("GET http://x/: %w", slow), "GET http://x/: no answer in time"},
		{errors.New(`GET http://x/: net/http: HTTP/1.x transport connection broken: malformed HTTP status code "x"`), `GET http://x/: malformed HTTP status code "x"`},
		{errors.New("GET http://x/: net/http: server response headers exceeded 65536 bytes; aborted"), "GET http://x/: server response headers exceeded 65536 bytes; aborted"},
		{errors.New("exit status 1"), "exit status 1"},
		{errors.New("a log said: context deadline exceeded"), "a log said: context deadline exceeded"},
	} {
		if got := ErrorText(test.err); got != test.want {
			t.Errorf("%v: %q, not %q", test.err, got, test.want)
		}
	}
}
