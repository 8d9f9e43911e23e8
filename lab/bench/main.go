// Bench measures flasktui on a real box, in one run:
//
//	go run ./lab/bench
//
// Ratios are what counts, not seconds: both sides of each are measured in turn
// on the same box, so a slow machine is slow for both.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"text/tabwriter"
	"time"

	"flasktui/lab"
)

// measureTimeout bounds what is measured inside one box.
const measureTimeout = 5 * time.Minute

// The bounds that flasktui keeps.
const (
	maxRatio      = 0.5
	maxFrameRatio = 1.5
	maxPeakMiB    = 40
	maxBinaryMiB  = 12
	maxReportKiB  = 64
	maxFleetCPU   = 1.0
	maxFleetMiB   = 100
)

func main() {
	if err := run(context.Background(), os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintf(os.Stderr, "bench: %v\n", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out io.Writer) (err error) {
	if len(args) == 2 && args[0] == "inside" {
		var plan Plan
		if err := json.Unmarshal([]byte(args[1]), &plan); err != nil {
			return fmt.Errorf("read the plan: %w", err)
		}
		return inside(ctx, plan, out)
	}
	l, err := lab.Open(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, l.Close()) }()
	small, err := measure(ctx, l, lab.Small())
	if err != nil {
		return err
	}
	big, err := measure(ctx, l, lab.Big())
	if err != nil {
		return err
	}
	binary, err := os.Stat(l.Binary())
	if err != nil {
		return fmt.Errorf("weigh the binary: %w", err)
	}
	fleet, err := measureFleet(ctx, l.Binary())
	if err != nil {
		return err
	}
	return printTable(out, small, big, fleet, binary.Size())
}

// measure boots a box, breaks it, and measures inside it.
func measure(ctx context.Context, l *lab.Lab, f lab.Fault) (m Measure, err error) {
	c, err := l.Prepare(ctx, "bench-"+f.Name, f.Site)
	if err != nil {
		return m, err
	}
	defer func() { err = errors.Join(err, c.Stop()) }()
	if err := f.Broken(ctx, c); err != nil {
		return m, err
	}
	self, err := os.Executable()
	if err != nil {
		return m, fmt.Errorf("find the benchmark's own binary: %w", err)
	}
	bare := filepath.Join(filepath.Dir(l.Binary()), "bare")
	if err := lab.Build(ctx, "./lab/bench/bare", bare); err != nil {
		return m, err
	}
	for from, to := range map[string]string{self: "/usr/local/bin/bench", bare: bareAt} {
		if err := c.Copy(ctx, from, to); err != nil {
			return m, err
		}
	}
	plan, err := json.Marshal(Plan{Unit: c.Unit, Base: c.Base, Live: c.Live(), URL: "http://" + c.Server})
	if err != nil {
		return m, fmt.Errorf("write the plan: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, measureTimeout)
	defer cancel()
	said, err := c.Run(ctx, "/usr/local/bin/bench", "inside", string(plan))
	if err != nil {
		return m, err
	}
	if err := json.Unmarshal([]byte(said), &m); err != nil {
		return m, fmt.Errorf("read what was measured: %w", err)
	}
	return m, nil
}

// printTable prints what was measured beside its bound, and fails when one is broken.
func printTable(out io.Writer, small, big Measure, fleet Fleet, size int64) error {
	const mib = 1 << 20
	rows := []struct {
		what       string
		got, bound float64
		detail     string
	}{
		{"check / the guide's commands, small box", small.Ratio, maxRatio, took(small.Check, small.Guide)},
		{"check / the guide's commands, big box", big.Ratio, maxRatio, took(big.Check, big.Guide)},
		{"first frame / bare Bubble Tea, small box", small.FrameRatio, maxFrameRatio, took(small.Frame, small.Bare)},
		{"first frame / bare Bubble Tea, big box", big.FrameRatio, maxFrameRatio, took(big.Frame, big.Bare)},
		{"peak memory of check, MiB, small box", float64(small.PeakKiB) / 1024, maxPeakMiB, "verdict " + small.Verdict},
		{"peak memory of check, MiB, big box", float64(big.PeakKiB) / 1024, maxPeakMiB, "verdict " + big.Verdict},
		{"report, KiB", float64(fleet.Report) / 1024, maxReportKiB, "of the practice boxes"},
		{"fleet of 3, CPU in s", fleet.Few.Seconds(), maxFleetCPU, fmt.Sprintf("%d KiB read, %d MiB held", fleet.FewSent>>10, fleet.FewKiB>>10)},
		{"fleet of 1,000, CPU in s", fleet.Many.Seconds(), maxFleetCPU, fmt.Sprintf("%d KiB read", fleet.AllSent>>10)},
		{"peak memory of a fleet of 1,000, MiB", float64(fleet.ManyKiB) / 1024, maxFleetMiB, ""},
		{"binary, MiB", float64(size) / mib, maxBinaryMiB, ""},
	}
	var errs []error
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "WHAT\tGOT\tBOUND\t")
	for _, r := range rows {
		fmt.Fprintf(w, "%s\t%.2f\t%.2f\t%s\n", r.what, r.got, r.bound, r.detail)
		if r.got > r.bound {
			errs = append(errs, fmt.Errorf("%s: %.2f is over %.2f", r.what, r.got, r.bound))
		}
	}
	return errors.Join(append(errs, w.Flush())...)
}

// took is the two sides of a ratio, as a person would have waited for them.
func took(one, other time.Duration) string {
	return fmt.Sprintf("%v / %v", one.Round(100*time.Microsecond), other.Round(100*time.Microsecond))
}
