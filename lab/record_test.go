package lab

import (
	"context"
	"encoding/json"
	"flag"
	"path/filepath"
	"testing"

	"flasktui/lab/boxes"
)

// recording has the walk keep what flasktui sees of each box, as `make record` does.
var recording = flag.Bool("record", false, "keep the facts of each box that is walked")

// savedIn is where a box keeps a look until the lab has taken it.
const savedIn = "/run/look.json"

// looked checks the box, and asks that it is judged as its recording is: the table of
// recordings is read and agreed on by people, and a box is no other than it was. What is
// saved must say by itself what was said on the box.
func looked(t *testing.T, f Fault, c *Case, phase boxes.Phase) (Report, int) {
	t.Helper()
	if f.Healthy() {
		phase = boxes.Healthy
	}
	name := boxes.Name(f.Name, phase)
	args, err := c.Args()
	if err != nil {
		t.Fatal(err)
	}
	report, exit, live := c.judged(t, name, append([]string{"--save", savedIn}, args...)...)
	if _, _, saved := c.judged(t, name, "--from", savedIn); saved.String() != live.String() {
		t.Errorf("on the box it was\n%sand of what was saved there it is\n%s", live, saved)
	}
	root, err := moduleRoot(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	directory := filepath.Join(root, filepath.FromSlash(boxes.Directory))
	if *recording {
		facts, err := c.Run(t.Context(), "cat", savedIn)
		if err == nil {
			err = boxes.Write(directory, name, []byte(facts))
		}
		if err != nil {
			t.Fatal(err)
		}
		return report, exit
	}
	table, err := boxes.ReadTable(directory)
	if err != nil {
		t.Fatal(err)
	}
	if row, known := table.Row(name); known && !row.Same(live) {
		t.Errorf("the box is judged\n%sand its recording\n%s", live, row)
	}
	return report, exit
}

// judged is a check, as the lab and as the table of recordings read it.
func (c *Case) judged(t *testing.T, name string, flags ...string) (report Report, exit int, row boxes.Row) {
	t.Helper()
	argv := append([]string{"/usr/local/bin/flasktui", "check", "--json"}, flags...)
	r, err := c.Do(t.Context(), "", argv...)
	if err == nil {
		err = json.Unmarshal([]byte(r.Stdout), &report)
	}
	if err == nil {
		row, err = boxes.Judged(name, []byte(r.Stdout))
	}
	if err != nil {
		t.Fatalf("%v: exit %d: %v\n%s", argv, r.Exit, err, tail(r.Stderr, 10))
	}
	return report, r.Exit, row
}
