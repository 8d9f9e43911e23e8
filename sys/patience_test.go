package sys

import (
	"context"
	"testing"
	"time"
)

// TestACommandsLimitGrowsWithTheLook: what only looks is given more time where the person has
// more, never less, and a change its own.
func TestACommandsLimitGrowsWithTheLook(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		command Command
		times   float64
		want    time.Duration
	}{
		{Command{}, 1, DefaultCommandTimeout},
		{Command{}, 6, 6 * DefaultCommandTimeout},
		{Command{}, 0.3, DefaultCommandTimeout},
		{Command{Timeout: 2 * time.Second}, 3, 6 * time.Second},
		{Command{Timeout: time.Minute, Changes: true}, 3, time.Minute},
	} {
		if got := test.command.timeout(Patiently(context.Background(), test.times)); got != test.want {
			t.Errorf("%+v, %.1f times: %s", test.command, test.times, got)
		}
	}
	if got := (Command{}).timeout(context.Background()); got != DefaultCommandTimeout {
		t.Errorf("outside of a look: %s", got)
	}
}

// TestRootIsNotToldToUseSudo: it has all rights that there are.
func TestRootIsNotToldToUseSudo(t *testing.T) {
	t.Parallel()
	for privilege, want := range map[Privilege]bool{PrivilegeRoot: false, PrivilegeSudo: true, PrivilegeNone: true} {
		if got := (Host{Privilege: privilege}).OrWithSudo() != ""; got != want {
			t.Errorf("%s: %t", privilege, got)
		}
	}
}
