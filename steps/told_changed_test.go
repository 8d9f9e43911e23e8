package steps_test

import (
	"fmt"
	"hash/crc32"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"flasktui/steps"
	"flasktui/steps/facts"
	"flasktui/steps/facts/factstest"
	"flasktui/steps/report"
)

// changes visits every value below one, with what it could be instead: each by itself, so
// that what hangs on it shows. Of a list the first element is changed, and the list itself.
func changes(value reflect.Value, path string, now time.Time, visit func(path string, at, with reflect.Value)) {
	instead := func(what string, with any) {
		visit(path+what, value, reflect.ValueOf(with).Convert(value.Type()))
	}
	zero := func() {
		if !value.IsZero() {
			visit(path+" none", value, reflect.Zero(value.Type()))
		}
	}
	if _, isTime := value.Interface().(time.Time); isTime {
		zero()
		instead(" now", now)
		return
	}
	switch value.Kind() {
	case reflect.Bool:
		instead(fmt.Sprintf(" %t", !value.Bool()), !value.Bool())
	case reflect.String:
		if value.String() == "" {
			instead(" something", "something")
		}
		zero()
	case reflect.Int, reflect.Int64, reflect.Uint64, reflect.Uint32, reflect.Int32:
		zero()
		if value.IsZero() {
			instead(" one", 1)
		}
	case reflect.Pointer:
		if value.IsNil() {
			visit(path+" empty", value, reflect.New(value.Type().Elem()))
			return
		}
		zero()
		changes(value.Elem(), path, now, visit)
	case reflect.Map:
		zero()
	case reflect.Slice:
		zero()
		if value.Len() > 0 && value.Type().Elem().Kind() != reflect.Uint8 {
			changes(value.Index(0), path+"[]", now, visit)
		}
	case reflect.Struct:
		if isFact(value.Type()) {
			visit(path+" unread", value, unread(value))
			if value.FieldByName("Known").Bool() {
				changes(value.FieldByName("Value"), path, now, visit)
			}
			return
		}
		for index := range value.NumField() {
			if field := value.Type().Field(index); field.IsExported() {
				changes(value.Field(index), strings.TrimPrefix(path+"."+field.Name, "."), now, visit)
			}
		}
	}
}

// change is a value in the facts, and what it could be instead.
type change struct{ at, with reflect.Value }

// changesOf are all changes of a box's facts by their names.
func changesOf(known *facts.Facts) map[string]change {
	all := map[string]change{}
	changes(reflect.ValueOf(known).Elem(), "", known.TakenAt, func(what string, at, with reflect.Value) { all[what] = change{at, with} })
	return all
}

// with does something while the facts are changed so; made is false where no look could have
// seen such facts.
func with(known *facts.Facts, made []change, do func()) bool {
	for _, one := range made {
		was := reflect.ValueOf(one.at.Interface())
		one.at.Set(one.with)
		defer one.at.Set(was)
	}
	if known.HalfAnAddress() != "" {
		return false
	}
	do()
	return true
}

// TestWhatEachFactChanges changes one value of the facts of a box, or a few at once, and holds
// all that is told then. A row of the file is such a change; beside its digest stands the verdict
// with its causes, where they are not the box's own. The rows were drawn from all that can be
// changed on all boxes, and kept where they made the judgement decide something anew; for
// another one write its name into the file, with nothing behind it, and let -update do the rest.
func TestWhatEachFactChanges(t *testing.T) {
	told := &factstest.Digests{File: "testdata/told_changed.txt"}
	rows := map[string][]string{}
	for row := range told.Kept(t) {
		what, name, _ := strings.Cut(row, onBox)
		rows[name] = append(rows[name], what)
	}
	tryBoxes(t, slices.Collect(maps.Keys(rows)), func(t *testing.T, name string, _ steps.Examination) {
		known := factsOf(t, name)
		before := verdictOf(steps.JudgeOf(known))
		all := changesOf(known)
		for _, row := range rows[name] {
			var made []change
			for what := range strings.SplitSeq(row, andMore) {
				if _, is := all[what]; !is {
					t.Errorf("there is no change %q on %s", what, name)
					return
				}
				made = append(made, all[what])
			}
			judged := with(known, made, func() {
				remark := verdictOf(steps.JudgeOf(known))
				if remark == before {
					remark = ""
				}
				told.Add(t, row+onBox+name, remark, wholeOf(t, known))
			})
			if !judged {
				t.Errorf("%s on %s: %s", row, name, "no look could have seen that")
			}
		}
	})
	told.Settle(t)
}

// How the changes of a row are joined, and the box named.
const (
	andMore = " + "
	onBox   = " on "
)

// TestNoChangeIsTooMuch makes every change there is on some of the boxes: whatever the facts say,
// they are judged.
func TestNoChangeIsTooMuch(t *testing.T) {
	everyBox(t, func(t *testing.T, name string, _ steps.Examination) {
		mine := byTurns(name)
		if testing.Short() && !mine() {
			return
		}
		known := factsOf(t, name)
		for what, one := range changesOf(known) {
			if testing.Short() && crc32.ChecksumIEEE([]byte(name+what))%100 > 0 {
				continue
			}
			with(known, []change{one}, func() {
				defer func() {
					if fault := recover(); fault != nil {
						t.Errorf("%s: %v", what, fault)
					}
				}()
				steps.JudgeOf(known)
			})
		}
	})
}

// verdictOf is the verdict with the causes that decide it.
func verdictOf(document report.Report) string {
	words := []string{string(document.Verdict)}
	for _, cause := range document.Causes {
		words = append(words, fmt.Sprintf("%s %s", cause.ID, cause.Confidence))
	}
	return strings.Join(words, ", ")
}
