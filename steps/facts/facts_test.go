package facts

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"syscall"
	"testing"

	"flasktui/sys"
)

// TestWhySomethingIsNotKnown: of what kind the reason is comes from the error and never from
// its words, and is saved with the fact.
func TestWhySomethingIsNotKnown(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		err  error
		want Why
	}{
		{&fs.PathError{Op: "open", Path: "/srv/permission denied", Err: syscall.ENOENT}, WhyFailed},
		{&fs.PathError{Op: "open", Path: "/root/x", Err: syscall.EACCES}, WhyDenied},
		{fmt.Errorf("dial unix /run/x.sock: %w", syscall.EACCES), WhyDenied},
		{fmt.Errorf("nginx -T: %w", sys.ErrNeedsPrivilege), WhyDenied},
		{fmt.Errorf("docker ps: %w", context.DeadlineExceeded), WhyTimedOut},
		{fmt.Errorf("/mnt/x: %w", sys.ErrNoAnswer), WhyTimedOut},
		{errors.New("permission denied"), WhyFailed},
	} {
		fact := unreadableFor[int](test.err, "there")
		if fact.Known || fact.Why != test.want || fact.Absent() || fact.Problem != sys.ErrorText(test.err) {
			t.Errorf("%v: %+v", test.err, fact)
		}
		saved, err := json.Marshal(fact)
		if err != nil || !strings.Contains(string(saved), `"why":"`+string(test.want)+`"`) {
			t.Errorf("%v is saved as %s, %v", test.err, saved, err)
		}
	}
	if whyOf(nil) != "" || Of(1, "").Why != "" {
		t.Error("there is a reason for what is known")
	}
	absent := Missing[int]("no Nginx", "nginx -T")
	if other := restsOn[string](absent, "stat"); !absent.Absent() || !other.Absent() || other.Problem != absent.Problem || other.Source != "stat" {
		t.Errorf("what rests on what is not there: %+v", other)
	}
}
