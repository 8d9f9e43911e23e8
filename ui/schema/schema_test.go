package schema

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/jsonschema-go/jsonschema"

	"flasktui/lab/boxes"
	"flasktui/steps"
	"flasktui/ui/render"
)

// TestEachRecordedBoxIsAsDescribed: the facts of the lab's boxes, and what is said of them; of
// one in sixteen where time is short.
func TestEachRecordedBoxIsAsDescribed(t *testing.T) {
	t.Parallel()
	directory := filepath.Join("..", "..", boxes.Directory)
	names, err := boxes.Names(directory)
	if err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	for i, name := range names {
		if testing.Short() && i%16 != 0 {
			continue
		}
		saved, err := boxes.Read(directory, name)
		if err != nil {
			t.Fatal(err)
		}
		examination, err := steps.JudgeFacts(bytes.NewReader(saved))
		if err != nil {
			t.Fatal(name, err)
		}
		var told bytes.Buffer
		if err := render.WriteJSON(&told, examination.Report, false); err != nil {
			t.Fatal(name, err)
		}
		if err := ProblemOf(told.Bytes()); err != nil {
			t.Errorf("%s: the report: %v", name, err)
		}
		if err := ProblemOf(saved); err != nil {
			t.Errorf("%s: the facts: %v", name, err)
		}
	}
}

func TestWhatIsNotAsDescribedIsRefused(t *testing.T) {
	t.Parallel()
	good := `{"schema":"flasktui/error/1","error":"e","hint":"","services":[],"exit":3,"host":{"hostname":"a","id":"","user":"","privilege":"none"},"version":"1"}`
	if err := ProblemOf([]byte(good)); err != nil {
		t.Fatal(err)
	}
	for _, change := range [][2]string{
		{`[]`, `null`}, {`"exit":3`, `"exit":"3"`}, {`error/1`, `error/2`}, {`"none"`, `"much"`}, {`"version":"1"`, `"versions":"1"`},
	} {
		if ProblemOf([]byte(strings.Replace(good, change[0], change[1], 1))) == nil {
			t.Errorf("%s in place of %s is let pass", change[1], change[0])
		}
	}
}

// TestEachDocumentIsDescribed: the description itself is one, and lets later keys pass.
func TestEachDocumentIsDescribed(t *testing.T) {
	t.Parallel()
	for _, name := range Names() {
		described, known := Of(name)
		if !known {
			t.Fatal(name)
		}
		if _, err := described.Resolve(nil); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		eachObject(described, func(object *jsonschema.Schema) {
			if object.AdditionalProperties != nil {
				t.Errorf("%s: a key more is refused", name)
			}
		})
	}
}
