package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/creack/pty"
)

const (
	pairs   = 11 // of check and the guide's commands, in turn
	frames  = 11 // of either program's first frame, in turn
	program = "/usr/local/bin/flasktui"
	bareAt  = "/usr/local/bin/bare"
)

// Plan is what the box is measured with.
type Plan struct{ Unit, Base, Live, URL string }

// Measure is what was measured inside one box.
type Measure struct {
	Check, Guide      time.Duration // medians
	Frame, Bare       time.Duration // medians
	Ratio, FrameRatio float64       // medians of the pairs' own ratios
	PeakKiB           int64         // of check, without what it runs
	Verdict           string
}

// inside runs in the box: everything is measured where a person would wait for
// it, one after the other of a pair, so that both meet the same machine.
func inside(ctx context.Context, plan Plan, out io.Writer) error {
	var m Measure
	var check, typed, ratio []float64
	for i := range pairs + 1 {
		c, err := m.check(ctx, plan)
		if err != nil {
			return err
		}
		g := typeGuide(ctx, plan)
		if i == 0 {
			continue // the first pair warms the caches of both
		}
		check, typed, ratio = append(check, float64(c)), append(typed, float64(g)), append(ratio, float64(c)/float64(g))
	}
	m.Check, m.Guide, m.Ratio = time.Duration(median(check)), time.Duration(median(typed)), median(ratio)
	for range 3 {
		kib, err := peak(ctx, plan)
		if err != nil {
			return err
		}
		m.PeakKiB = max(m.PeakKiB, kib)
	}
	var frame, bare []float64
	ratio = nil
	for i := range frames + 1 {
		f, err := firstFrame(ctx, []string{program, plan.Unit}, plan.Unit)
		if err != nil {
			return err
		}
		b, err := firstFrame(ctx, []string{bareAt}, "bare frame")
		if err != nil {
			return err
		}
		if i == 0 {
			continue
		}
		frame, bare, ratio = append(frame, float64(f)), append(bare, float64(b)), append(ratio, float64(f)/float64(b))
	}
	m.Frame, m.Bare, m.FrameRatio = time.Duration(median(frame)), time.Duration(median(bare)), median(ratio)
	return json.NewEncoder(out).Encode(m)
}

// check runs one check and remembers its verdict.
func (m *Measure) check(ctx context.Context, plan Plan) (time.Duration, error) {
	cmd := exec.CommandContext(ctx, program, "check", "--json", plan.Unit)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	start := time.Now()
	err := cmd.Run()
	took := time.Since(start)
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		return took, fmt.Errorf("run %s: %w", program, err)
	}
	var report struct{ Verdict string }
	if err := json.Unmarshal(stdout.Bytes(), &report); err != nil {
		return took, fmt.Errorf("flasktui check --json: %w: %s", err, stderr.String())
	}
	m.Verdict = report.Verdict
	return took, nil
}

// peak is the most memory in KiB that flasktui itself held during one check. What wait(2)
// says covers the programs that it ran as well, so the kernel's own mark is read (VmHWM,
// proc(5)), which only grows, until the process is gone.
func peak(ctx context.Context, plan Plan) (int64, error) {
	return highest(exec.CommandContext(ctx, program, "check", "--json", plan.Unit))
}

// highest is the kernel's mark of a program that it runs.
func highest(cmd *exec.Cmd) (int64, error) {
	if err := cmd.Start(); err != nil {
		return 0, fmt.Errorf("run %s: %w", cmd.Path, err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	var mark int64
	for {
		select {
		case err := <-ended:
			var exit *exec.ExitError
			if err != nil && !errors.As(err, &exit) {
				return 0, fmt.Errorf("run %s: %w", cmd.Path, err)
			}
			return mark, nil
		case <-time.After(time.Millisecond):
		}
		status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", cmd.Process.Pid))
		if err != nil {
			continue
		}
		for line := range strings.Lines(string(status)) {
			if told, found := strings.CutPrefix(line, "VmHWM:"); found {
				kib, _, _ := strings.Cut(strings.TrimSpace(told), " ")
				if number, err := strconv.ParseInt(kib, 10, 64); err == nil {
					mark = max(mark, number)
				}
			}
		}
	}
}

// typeGuide runs the guide's commands one after another. What they answer does
// not matter here, nor that some of them fail on this box.
func typeGuide(ctx context.Context, plan Plan) time.Duration {
	start := time.Now()
	for _, argv := range guide(plan.Unit, plan.Base, plan.Live, plan.URL) {
		_ = exec.CommandContext(ctx, argv[0], argv[1:]...).Run()
	}
	return time.Since(start)
}

// firstFrame starts a program on a terminal that answers no question, and
// returns how long it took until its screen showed a text.
func firstFrame(ctx context.Context, argv []string, text string) (time.Duration, error) {
	cmd := exec.CommandContext(ctx, argv[0], argv[1:]...)
	start := time.Now()
	terminal, err := pty.StartWithSize(cmd, &pty.Winsize{Rows: 24, Cols: 80})
	if err != nil {
		return 0, fmt.Errorf("start %s: %w", argv[0], err)
	}
	defer func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		_ = terminal.Close()
	}()
	if err := terminal.SetReadDeadline(start.Add(10 * time.Second)); err != nil {
		return 0, fmt.Errorf("watch %s: %w", argv[0], err)
	}
	var screen []byte
	buffer := make([]byte, 64<<10)
	for {
		n, err := terminal.Read(buffer)
		screen = append(screen, buffer[:n]...)
		if bytes.Contains(screen, []byte(text)) {
			return time.Since(start), nil
		}
		if err != nil {
			return 0, fmt.Errorf("%s painted no %q: %w: %q", argv[0], text, err, screen)
		}
	}
}

func median(values []float64) float64 {
	values = slices.Sorted(slices.Values(values))
	return values[len(values)/2]
}
