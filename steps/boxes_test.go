package steps_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"flasktui/lab/boxes"
	"flasktui/steps"
	"flasktui/steps/facts"
	"flasktui/steps/report"
	"flasktui/sys"
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

// everyBox tries something on each recording and each practice box, side by side, and
// returns once all are done. The examinations are everybody's: who changes facts puts them
// back, or takes examined ones.
func everyBox(t *testing.T, try func(t *testing.T, name string, examination steps.Examination)) {
	t.Helper()
	names, err := boxes.Names(recordings)
	if err != nil {
		t.Fatal(err)
	}
	for _, fault := range slices.Concat(practice.Faults(), practice.Variants()) {
		names = append(names, practiced+fault.ID)
	}
	tryBoxes(t, names, try)
}

func everyPracticeBox(t *testing.T, try func(t *testing.T, name string, examination steps.Examination)) {
	t.Helper()
	var names []string
	for _, fault := range slices.Concat(practice.Faults(), practice.Variants()) {
		names = append(names, practiced+fault.ID)
	}
	tryBoxes(t, names, try)
}

// tryBoxes is everyBox for the boxes of these names.
func tryBoxes(t *testing.T, names []string, try func(t *testing.T, name string, examination steps.Examination)) {
	t.Helper()
	t.Run("box", func(t *testing.T) {
		for _, name := range names {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				try(t, name, looked.at(t, name).examination)
			})
		}
	})
}

// onceEach examines each box when it is first asked for: unpacking and judging them anew for
// each test is most of what the tests would do.
type onceEach struct{ boxes sync.Map }

// lookedAt is a box's examination, and its facts as one makes a copy of them.
type lookedAt struct {
	examination steps.Examination
	saved       func() ([]byte, error)
}

var looked onceEach

func (once *onceEach) at(t *testing.T, name string) lookedAt {
	t.Helper()
	first := sync.OnceValue(func() lookedAt {
		examination := lookAt(t, name)
		return lookedAt{examination, sync.OnceValues(func() ([]byte, error) { return json.Marshal(steps.FactsOf(examination)) })}
	})
	look, _ := once.boxes.LoadOrStore(name, first)
	return look.(func() lookedAt)()
}

// lookAt looks at a box of the table.
func lookAt(t *testing.T, name string) steps.Examination {
	t.Helper()
	if fault, is := strings.CutPrefix(name, practiced); is {
		box, err := practice.New(fault, fixedNow)
		if err != nil {
			t.Fatal(err)
		}
		return examine(t, box)
	}
	saved, err := boxes.Read(recordings, name)
	if err != nil {
		t.Fatal(err)
	}
	return judgeSaved(t, saved)
}

// factsOf are a box's facts, for the asker to change.
func factsOf(t *testing.T, name string) *facts.Facts {
	t.Helper()
	saved, err := looked.at(t, name).saved()
	if err != nil {
		t.Fatal(err)
	}
	known := &facts.Facts{}
	if err := json.Unmarshal(saved, known); err != nil {
		t.Fatal(err)
	}
	return known
}

// examined is the examination of a box's facts, which are the asker's to change.
func examined(t *testing.T, name string) steps.Examination {
	t.Helper()
	return steps.ExaminationOf(factsOf(t, name))
}

// savedAs is what --save writes of an examination.
func savedAs(t *testing.T, examination steps.Examination) []byte {
	t.Helper()
	var saved bytes.Buffer
	if err := steps.SaveFacts(examination, &saved); err != nil {
		t.Fatal(err)
	}
	return saved.Bytes()
}

func judgeSaved(t *testing.T, saved []byte) steps.Examination {
	t.Helper()
	examination, err := steps.JudgeFacts(bytes.NewReader(saved))
	if err != nil {
		t.Fatal(err)
	}
	return examination
}

func rowOf(t *testing.T, name string, report report.Report) boxes.Row {
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
	var mutex sync.Mutex
	var judged, proposed []string
	everyBox(t, func(t *testing.T, name string, examination steps.Examination) {
		got := rowOf(t, name, examination.Report)
		row, known := table.Row(name)
		mutex.Lock()
		defer mutex.Unlock()
		judged = append(judged, name)
		switch {
		case known && got.String() != row.String():
			t.Errorf("judged as\n%sand the table says\n%s", got, row)
		case !known && *propose:
			proposed = append(proposed, got.String())
		case !known:
			t.Error("it is not in the table; with -propose this test adds its row, for you to read")
		}
	})
	for _, row := range table {
		if !slices.Contains(judged, row.Name) {
			t.Errorf("%s is in the table and not recorded", row.Name)
		}
	}
	if len(proposed) > 0 {
		appendRows(t, proposed)
	}
}

// appendRows leaves what is in the table as it is, remarks too.
func appendRows(t *testing.T, rows []string) {
	t.Helper()
	slices.Sort(rows)
	file, err := os.OpenFile(filepath.Join(recordings, boxes.TableFile), os.O_APPEND|os.O_WRONLY|os.O_CREATE, 0o644)
	if err == nil {
		_, err = file.WriteString(strings.Join(append([]string{""}, rows...), "\n"))
		err = errors.Join(err, file.Close())
	}
	if err != nil {
		t.Fatal(err)
	}
}

// TestSavedFactsAreJudgedAlike: neither the moment nor the machine has a say in it, so that
// what is told of saved facts is what was told on the box. The lab asks the same of its own.
func TestSavedFactsAreJudgedAlike(t *testing.T) {
	everyPracticeBox(t, func(t *testing.T, _ string, examination steps.Examination) {
		again := judgeSaved(t, savedAs(t, examination)).Report
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
			t.Error(firstDifference(string(one), string(other)))
		}
	})
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

// TestFactsOfAnotherVersionAreNotJudged: the boxes of today, with what a look of yesterday or
// of tomorrow says that it is; that such facts hold less than is asked of them does not show.
func TestFactsOfAnotherVersionAreNotJudged(t *testing.T) {
	t.Parallel()
	saved := string(savedAs(t, examined(t, practiced+"healthy")))
	schema := fmt.Sprintf("flasktui/facts/%d", facts.Version)
	for _, other := range []string{"flasktui/facts/1", fmt.Sprintf("flasktui/facts/%d", facts.Version+1), "flasktui/facts/", "flasktui/facts/x"} {
		_, err := steps.JudgeFacts(strings.NewReader(strings.Replace(saved, schema, other, 1)))
		if !errors.As(err, new(*steps.OtherVersionError)) {
			t.Errorf("%s: %v", other, err)
		}
	}
	for _, other := range []string{"", "flasktui/report/1"} {
		_, err := steps.JudgeFacts(strings.NewReader(strings.Replace(saved, schema, other, 1)))
		if err == nil || errors.As(err, new(*steps.OtherVersionError)) {
			t.Errorf("%q: %v", other, err)
		}
	}
}

// TestNoHalfAddressIsJudged: facts that a stranger saved may lack what every look finds together.
func TestNoHalfAddressIsJudged(t *testing.T) {
	t.Parallel()
	for _, field := range []string{"server", "location"} {
		saved := string(savedAs(t, examined(t, practiced+"healthy")))
		beginning, address, found := strings.Cut(saved, `"address": {`)
		if _, err := steps.JudgeFacts(strings.NewReader(saved)); err != nil || !found {
			t.Fatal(err, found)
		}
		half := strings.Replace(address, `"`+field+`": {`, `"was": {`, 1)
		if _, err := steps.JudgeFacts(strings.NewReader(beginning + `"address": {` + half)); err == nil || !strings.Contains(err.Error(), "no look saw this") {
			t.Errorf("without its %s: %v", field, err)
		}
	}
}

// TestRecordingsHoldNothingUnsafe: they are there for everybody to read, so they are as
// `--save` leaves facts: nothing that a terminal acts on, and no secret that it knows.
func TestRecordingsHoldNothingUnsafe(t *testing.T) {
	t.Parallel()
	names, err := boxes.Names(recordings)
	if err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	for _, name := range names {
		if mine := byTurns(name); !mine() {
			continue
		}
		saved, err := boxes.Read(recordings, name)
		if err != nil {
			t.Fatal(err)
		}
		if safe, err := sys.SafeJSON(saved); err != nil || !bytes.Equal(safe, saved) {
			t.Errorf("%s: %v: %s", name, err, firstDifference(string(saved), string(safe)))
		}
	}
}
