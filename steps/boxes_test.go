package steps_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"flasktui/lab/boxes"
	"flasktui/steps"
	"flasktui/sys/practice"
)

// propose writes rows for recordings that have none into the table, for a person to read
// before they are committed; rows that are there are never changed.
var propose = flag.Bool("propose", false, "add a row to the table for each recording without one")

const recordings = "testdata/boxes"

// practiced begins the names of the boxes in memory, so that they stand in the table with
// those of the lab.
const practiced = "practice "

// fixedNow is the practice boxes' own present, so that what they say is the same each time.
func fixedNow() time.Time { return time.Date(2026, time.March, 5, 14, 20, 0, 0, time.UTC) }

// judgedBoxes are the examinations of all recordings and of all practice boxes, by their
// name in the table.
func judgedBoxes(t *testing.T) map[string]steps.Examination {
	t.Helper()
	judged := map[string]steps.Examination{}
	names, err := boxes.Names(recordings)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		facts, err := boxes.Read(recordings, name)
		if err != nil {
			t.Fatal(err)
		}
		judged[name] = judgeSaved(t, facts)
	}
	for _, fault := range slices.Concat(practice.Faults(), practice.Variants()) {
		box, err := practice.New(fault.ID, fixedNow)
		if err != nil {
			t.Fatal(err)
		}
		judged[practiced+fault.ID] = examine(t, box)
	}
	return judged
}

func judgeSaved(t *testing.T, facts []byte) steps.Examination {
	t.Helper()
	examination, err := steps.JudgeFacts(bytes.NewReader(facts))
	if err != nil {
		t.Fatal(err)
	}
	return examination
}

func rowOf(t *testing.T, name string, report steps.Report) boxes.Row {
	t.Helper()
	document, err := json.Marshal(report)
	if err != nil {
		t.Fatal(err)
	}
	row, err := boxes.Judged(name, document)
	if err != nil {
		t.Fatal(err)
	}
	return row
}

// TestEveryBoxIsJudgedAsTheTableSays is the net under every change of judgement: all boxes
// that the lab has recorded, and those of practice, in about a second.
func TestEveryBoxIsJudgedAsTheTableSays(t *testing.T) {
	table, err := boxes.ReadTable(recordings)
	if err != nil {
		t.Fatal(err)
	}
	judged := judgedBoxes(t)
	for _, row := range table {
		examination, known := judged[row.Name]
		if !known {
			t.Errorf("%s is in the table and not recorded", row.Name)
			continue
		}
		if got := rowOf(t, row.Name, examination.Report); got.String() != row.String() {
			t.Errorf("judged as\n%sand the table says\n%s", got, row)
		}
	}
	var proposed []string
	for name, examination := range judged {
		if _, known := table.Row(name); known {
			continue
		}
		if !*propose {
			t.Errorf("%s is not in the table; go test ./steps -run %s -propose adds it, for you to read", name, t.Name())
			continue
		}
		proposed = append(proposed, rowOf(t, name, examination.Report).String())
	}
	if len(proposed) > 0 {
		appendRows(t, proposed)
	}
}

// appendRows leaves what is in the table as it is, remarks too.
func appendRows(t *testing.T, rows []string) {
	t.Helper()
	slices.Sort(rows)
	file, err := os.OpenFile(filepath.Join(recordings, boxes.TableFile), os.O_APPEND|os.O_WRONLY|os.O_CREATE, 0o644) //nolint:gosec // committed, for everybody to read
	if err == nil {
		_, err = file.WriteString(strings.Join(append([]string{""}, rows...), "\n"))
		err = errors.Join(err, file.Close())
	}
	if err != nil {
		t.Fatal(err)
	}
}

// TestSavedFactsAreJudgedAlike: neither the moment nor the machine has a say in it, so that
// what is told of saved facts is what was told on the box.
func TestSavedFactsAreJudgedAlike(t *testing.T) {
	for name, examination := range judgedBoxes(t) {
		var saved bytes.Buffer
		if err := steps.SaveFacts(examination, &saved); err != nil {
			t.Fatal(err)
		}
		again := judgeSaved(t, saved.Bytes()).Report
		was := examination.Report
		// These two are of the look, not of what was seen.
		was.Commands, was.DurationMS, again.Commands, again.DurationMS = nil, 0, nil, 0
		one, err := json.MarshalIndent(was, "", " ")
		if err != nil {
			t.Fatal(err)
		}
		other, err := json.MarshalIndent(again, "", " ")
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(one, other) {
			t.Errorf("%s: %s", name, firstDifference(string(one), string(other)))
		}
	}
}

func firstDifference(one, other string) string {
	lines := strings.Split(other, "\n")
	for number, line := range strings.Split(one, "\n") {
		if number >= len(lines) || lines[number] != line {
			return line + "\nbecame\n" + lines[min(number, len(lines)-1)]
		}
	}
	return "it became longer"
}
