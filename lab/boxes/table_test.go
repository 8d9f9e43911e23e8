package boxes_test

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"flasktui/lab"
	"flasktui/lab/boxes"
)

var directory = filepath.Join("..", "..", filepath.FromSlash(boxes.Directory))

// TestTheTableAgreesWithTheLab: what is expected of a recording is what the lab expects of
// the box, and not what a run happened to say.
func TestTheTableAgreesWithTheLab(t *testing.T) {
	table, err := boxes.ReadTable(directory)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range table {
		box, phase := boxes.Split(row.Name)
		if phase == "" {
			continue // Of practice; steps holds it to the cause that it is named after.
		}
		fault, known := lab.Find(box)
		if !known {
			t.Errorf("%s: the lab knows no such box", row.Name)
			continue
		}
		if phase == boxes.Broken {
			broken(t, fault, row)
			continue
		}
		if sure := slices.DeleteFunc(slices.Clone(row.Causes), func(cause string) bool { return strings.Contains(cause, " possible") }); row.Verdict != "fresh" || len(sure) > 0 || row.Broken != "" {
			t.Errorf("nothing is wrong with this box:\n%s", row)
		}
	}
}

func broken(t *testing.T, fault lab.Fault, row boxes.Row) {
	t.Helper()
	if row.Verdict != fault.Verdict || fault.Cause != "" && row.First() != fault.Cause {
		t.Errorf("the lab says %s for %s, the table\n%s", fault.Verdict, fault.Cause, row)
	}
	for _, also := range fault.Also {
		if !strings.Contains(strings.Join(row.Causes, " "), also) {
			t.Errorf("%s is not among the causes of\n%s", also, row)
		}
	}
	for _, lacking := range fault.Lacking {
		if slices.ContainsFunc(row.Blocked, func(line string) bool { return strings.HasPrefix(line, lacking+": ") }) {
			t.Errorf("%s is listed, and there is none here:\n%s", lacking, row)
		}
	}
	for _, refused := range fault.Refused {
		if !slices.ContainsFunc(row.Blocked, func(line string) bool { return strings.HasPrefix(line, refused+": ") }) {
			t.Errorf("%s is not blocked:\n%s", refused, row)
		}
	}
}

// TestATableIsReadAsItIsWritten: what is not understood is an error, and never left out.
func TestATableIsReadAsItIsWritten(t *testing.T) {
	row := boxes.Row{
		Name: "shop.broken", Verdict: "mixed", Causes: []string{"mixed-workers certain [templates-cached]", "cache-serves-old likely", "templates-cached possible"},
		Broken: "cache, workers", Steps: "4 fail, 14 warn", Blocked: []string{"hup: it would: harm"},
	}
	table, err := boxes.ParseTable("# a remark\n\n" + row.String() + "\nshop.cured: fresh\n")
	if err != nil || len(table) != 2 || table[0].String() != row.String() {
		t.Fatalf("%v %v", table, err)
	}
	live := row
	live.Causes = []string{"mixed-workers likely", "cache-serves-old certain"}
	if !row.Same(live) {
		t.Error("what hangs on milliseconds is held against a box")
	}
	live.Causes = live.Causes[:1]
	if row.Same(live) {
		t.Error("a cause is missing, and it is called the same")
	}
	known, err := boxes.ParseTable("# WRONG: there is no cache\n" + row.String())
	if err != nil || !known[0].Same(live) || known[0].Wrong == "" {
		t.Errorf("%v: a row that is known to be wrong is held against a box: %v", err, known)
	}
	for _, wrong := range []string{"  cause before-any-row certain\n", "shop.broken: stale\n  couse typo certain\n", "a: fresh\na: stale\n", "no verdict\n"} {
		if _, err := boxes.ParseTable(wrong); err == nil {
			t.Errorf("%q is read", wrong)
		}
	}
}

// TestARecordingIsTheSameBytesEachTime, so that making it again shows what changed.
func TestARecordingIsTheSameBytesEachTime(t *testing.T) {
	into := t.TempDir()
	for _, name := range []string{"one", "other"} {
		if err := boxes.Write(into, name, []byte(`{"schema": 1}`)); err != nil {
			t.Fatal(err)
		}
	}
	one, err := os.ReadFile(filepath.Join(into, "one.json.gz"))
	if err != nil {
		t.Fatal(err)
	}
	other, err := os.ReadFile(filepath.Join(into, "other.json.gz"))
	if err != nil || !bytes.Equal(one, other) {
		t.Fatalf("%q is not %q, %v", one, other, err)
	}
	if facts, err := boxes.Read(into, "one"); err != nil || string(facts) != `{"schema": 1}` {
		t.Fatalf("%q %v", facts, err)
	}
	names, err := boxes.Names(into)
	if err != nil || !slices.Equal(names, []string{"one", "other"}) {
		t.Fatalf("%v %v", names, err)
	}
}
