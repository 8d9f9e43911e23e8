package lab

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Terminal is a terminal inside a box: a tmux session that a test types into
// and reads the screen of.
type Terminal struct {
	box    *Box
	socket string
}

// OpenTerminal opens a terminal of that size with a login shell in it. Nothing
// of the host's terminal reaches it.
func (b *Box) OpenTerminal(ctx context.Context, width, height int) (*Terminal, error) {
	t := &Terminal{box: b, socket: "/run/terminal-" + strconv.Itoa(int(b.lab.count.Add(1)))}
	_, err := b.Run(ctx, "tmux", "-S", t.socket, "-f", "/dev/null", "new-session", "-d",
		"-x", strconv.Itoa(width), "-y", strconv.Itoa(height), "env", "PS1=ready$ ", "bash", "--norc", "--noprofile")
	if err != nil {
		return nil, err
	}
	err = t.WaitFor(ctx, 5*time.Second, "ready$")
	return t, err
}

func (t *Terminal) tmux(ctx context.Context, argv ...string) (string, error) {
	return t.box.Run(ctx, append([]string{"tmux", "-S", t.socket}, argv...)...)
}

// Type types a line, with enter.
func (t *Terminal) Type(ctx context.Context, line string) error {
	if _, err := t.tmux(ctx, "send-keys", "-l", line); err != nil {
		return err
	}
	return t.Press(ctx, "Enter")
}

// Press presses keys, as tmux names them, in one burst.
func (t *Terminal) Press(ctx context.Context, keys ...string) error {
	_, err := t.tmux(ctx, append([]string{"send-keys"}, keys...)...)
	return err
}

// Resize gives the terminal another size.
func (t *Terminal) Resize(ctx context.Context, width, height int) error {
	_, err := t.tmux(ctx, "resize-window", "-x", strconv.Itoa(width), "-y", strconv.Itoa(height))
	return err
}

// Screen is what the terminal shows.
func (t *Terminal) Screen(ctx context.Context) (string, error) {
	return t.tmux(ctx, "capture-pane", "-p")
}

// Flag is one of tmux's own words about the terminal, "cursor_flag" or
// "alternate_on" for example.
func (t *Terminal) Flag(ctx context.Context, name string) (string, error) {
	out, err := t.tmux(ctx, "display-message", "-p", "#{"+name+"}")
	return strings.TrimSpace(out), err
}

// WaitFor waits until the screen shows all of the texts.
func (t *Terminal) WaitFor(ctx context.Context, timeout time.Duration, texts ...string) error {
	return t.box.Wait(ctx, timeout, func() error {
		screen, err := t.Screen(ctx)
		if err != nil {
			return err
		}
		for _, text := range texts {
			if !strings.Contains(screen, text) {
				return fmt.Errorf("the screen does not show %q:\n%s", text, screen)
			}
		}
		return nil
	})
}

// Settles waits until the screen stays as it is for that long, and returns it.
func (t *Terminal) Settles(ctx context.Context, quiet time.Duration) (string, error) {
	last, since := "", time.Now()
	err := t.box.Wait(ctx, 20*time.Second, func() error {
		screen, err := t.Screen(ctx)
		if err != nil {
			return err
		}
		if screen != last {
			last, since = screen, time.Now()
		}
		if time.Since(since) < quiet {
			return fmt.Errorf("the screen still changes:\n%s", screen)
		}
		return nil
	})
	return last, err
}
