package steps_test

import (
	"fmt"
	"hash/crc32"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"flasktui/lab/boxes"
	"flasktui/steps"
	"flasktui/steps/facts"
	"flasktui/steps/facts/factstest"
	"flasktui/steps/report"
	"flasktui/sys/git"
)

// meetings are what was met, by name, with the box that showed it.
type meetings struct {
	mutex sync.Mutex
	with  map[string]string
}

func (met *meetings) note(name, box string) {
	met.mutex.Lock()
	defer met.mutex.Unlock()
	if met.with == nil {
		met.with = map[string]string{}
	}
	met.with[name] = box
}

// none holds that nothing was met: the rules have no exceptions.
func (met *meetings) none(t *testing.T) {
	t.Helper()
	for _, name := range slices.Sorted(maps.Keys(met.with)) {
		t.Errorf("%s (%s)", name, met.with[name])
	}
}

// sure is how certain each cause is; what is folded under another is as certain as can be.
func sure(document report.Report) map[string]int {
	sure := map[string]int{}
	for _, cause := range document.Causes {
		sure[cause.ID] = map[report.Confidence]int{report.Possible: 1, report.Likely: 2, report.Certain: 3}[cause.Confidence]
		for _, folded := range cause.Follows {
			sure[folded] = 3
		}
	}
	return sure
}

// sampledBoxes are one box of each kind, or in a run that is not short all that there are:
// damaging each of them in every way takes too long for a test that is run while one works.
// Left out is the one whose workers answer by turns as they happen to be asked: the lab's
// recording of such a box is the same each time.
func sampledBoxes(t *testing.T, try func(t *testing.T, name string, examination steps.Examination)) {
	t.Helper()
	var mutex sync.Mutex
	first := map[string]string{}
	var all []string
	everyBox(t, func(t *testing.T, name string, examination steps.Examination) {
		mutex.Lock()
		defer mutex.Unlock()
		if name == practiced+"mixed-workers" {
			return
		}
		all = append(all, name)
		if kind := kindOf(t, examination); first[kind] == "" || name < first[kind] {
			first[kind] = name
		}
	})
	if testing.Short() {
		all = slices.Collect(maps.Values(first))
	}
	slices.Sort(all)
	tryBoxes(t, all, try)
}

// byTurns tells of each trial of a box whether it is to be made: a run that is not short makes
// all, a short one every third, with another third on the next box.
func byTurns(name string) (mine func() bool) {
	const turns = 3
	turn := crc32.ChecksumIEEE([]byte(name))
	return func() bool {
		turn++
		return !testing.Short() || turn%turns == 0
	}
}

// kindOf is what two boxes have in common that are damaged alike: what is said of them, who
// runs the service, and how it is deployed and reached.
func kindOf(t *testing.T, examination steps.Examination) string {
	t.Helper()
	known, row := steps.FactsOf(examination), rowOf(t, "", examination.Report)
	deployment := known.Deployment.Value
	return fmt.Sprint(row.Verdict, row.Causes, known.Target.Unit != "", known.Target.Container != "", known.Target.Program != "",
		deployment.Link != nil, deployment.Repository != nil, known.Site.Value.Address.Server != nil)
}

// TestKnowingLessProvesNothing takes each fact away: the verdict stays or moves towards
// inconclusive, no cause becomes more certain, and no report contradicts itself.
func TestKnowingLessProvesNothing(t *testing.T) {
	var met meetings
	sampledBoxes(t, func(_ *testing.T, name string, examination steps.Examination) {
		known, before := steps.FactsOf(examination), examination.Report
		mine := byTurns(name)
		placesIn(reflect.ValueOf(known).Elem(), "", func(at place) {
			if factstest.IsFact(at.value.Type()) && at.value.FieldByName("Known").Bool() && mine() {
				after, panicked := damaged(known, at.value, factstest.Unread(at.value))
				met.noteNew(name, at.path, before, after, panicked, gained)
			}
		})
	})
	met.none(t)
}

// TestEveryBoxMakesSense takes each element out of each list. That is not to know less: a
// list that could not be read whole says so, or is no fact, and one without an element is
// another box, on which that process does not run, or that socket is not there. What is said
// of it may be more or less; it may not contradict itself.
func TestEveryBoxMakesSense(t *testing.T) {
	var met meetings
	sampledBoxes(t, func(_ *testing.T, name string, examination steps.Examination) {
		known, before := steps.FactsOf(examination), examination.Report
		mine := byTurns(name)
		placesIn(reflect.ValueOf(known).Elem(), "", func(at place) {
			if at.value.Kind() != reflect.Slice {
				return
			}
			for index := range at.value.Len() {
				if index > 0 && reflect.DeepEqual(at.value.Index(index).Interface(), at.value.Index(index-1).Interface()) {
					continue // The list is the same without this one as without that.
				}
				if !mine() {
					continue
				}
				after, panicked := damaged(known, at.value, without(at.value, index))
				met.noteNew(name, "an element of "+at.path, before, after, panicked, nil)
			}
		})
	})
	met.none(t)
}

// noteNew notes what the report of a damaged box says wrongly and that of the box does not.
func (met *meetings) noteNew(name, what string, before, after report.Report, panicked string, further func(before, after report.Report) []string) {
	if panicked != "" {
		met.note(what+": "+panicked, name)
		return
	}
	effects := contradictions(after)
	if further != nil {
		effects = append(effects, further(before, after)...)
	}
	for _, effect := range effects {
		if !slices.Contains(contradictions(before), effect) {
			met.note(what+": "+effect, fmt.Sprint(name, ", ", after.Verdict, " ", ids(after)))
		}
	}
}

// gained is what a report claims more than another one.
func gained(before, after report.Report) []string {
	var effects []string
	switch {
	case before.Verdict != report.Fresh && after.Verdict == report.Fresh:
		effects = append(effects, "fresh")
	case before.Verdict == report.Fresh && after.Verdict != report.Fresh && after.Verdict != report.Inconclusive:
		effects = append(effects, "no longer fresh")
	}
	was := sure(before)
	for cause, confidence := range sure(after) {
		if confidence > 1 && confidence > was[cause] {
			effects = append(effects, "more of "+cause)
		}
	}
	return effects
}

// TestOrderChangesNothing shuffles each list, one after the other. What came one after the
// other (answers, the lines of git's log) has its order from that, and is left as it is.
func TestOrderChangesNothing(t *testing.T) {
	var met meetings
	sampledBoxes(t, func(t *testing.T, name string, examination steps.Examination) {
		random := rand.New(rand.NewPCG(1, 2))
		known := steps.FactsOf(examination)
		before := foremost(t, examination.Report)
		mine := byTurns(name)
		placesIn(reflect.ValueOf(known).Elem(), "", func(at place) {
			if at.value.Kind() != reflect.Slice || at.value.Len() < 2 || isSequence(at.value.Type()) || !mine() {
				return
			}
			report, panicked := damaged(known, at.value, shuffled(at.value, random))
			if after := foremost(t, report); panicked != "" || after != before {
				met.note(at.path, name+": "+panicked+firstDifference(before, after))
			}
		})
	})
	met.none(t)
}

// isSequence tells a list of what came one after the other.
func isSequence(list reflect.Type) bool {
	return slices.Contains([]reflect.Type{reflect.TypeFor[[]facts.Answer](), reflect.TypeFor[[]git.ReflogEntry]()}, list)
}

// foremost is what a person is told first.
func foremost(t *testing.T, report report.Report) string {
	t.Helper()
	return fmt.Sprintf("%s%s\n%v", rowOf(t, "", report), report.Summary, report.Releases)
}

// TestWhatFreshNeedsToKnow names the facts without which nothing is called fresh.
func TestWhatFreshNeedsToKnow(t *testing.T) {
	t.Parallel()
	for box, needs := range map[string]string{
		practiced + "healthy":                           "Processes Listeners Units NginxDisk UnitFiles Environment Deployment Code Site Background Static",
		practiced + "healthy/checkout":                  "Processes Listeners Units NginxDisk UnitFiles Environment Deployment Code Site Background Static",
		boxes.Name("built-not-recreated", boxes.Cured):  "Processes Listeners Containers Images NginxDisk Inside Compose ImageSource Deployment Code Site Background Siblings Static",
		boxes.Name("healthy-supervised", boxes.Healthy): "Processes Listeners Supervised NginxDisk Deployment Code Site Background Static",
	} {
		known := factsOf(t, box)
		all := reflect.ValueOf(known).Elem()
		for _, field := range reflect.VisibleFields(all.Type()) {
			if !factstest.IsFact(field.Type) {
				continue
			}
			document, panicked := damaged(known, all.FieldByIndex(field.Index), factstest.Unread(all.FieldByIndex(field.Index)))
			if needed := slices.Contains(strings.Fields(needs), field.Name); panicked != "" || needed != (document.Verdict == report.Inconclusive) || !needed && document.Verdict != report.Fresh {
				t.Errorf("%s without %s: %s%s: %s", box, field.Name, document.Verdict, panicked, document.Summary)
			}
		}
	}
}

// TestAFailedStepForbidsFresh, also where no cause is found for it.
func TestAFailedStepForbidsFresh(t *testing.T) {
	t.Parallel()
	known := factsOf(t, practiced+"healthy")
	missingEnvironment(known)
	document := steps.JudgeOf(known)
	if slices.ContainsFunc(document.Causes, report.Finding.Decides) || document.Steps[5].Status != report.Fail {
		t.Fatalf("step 6 is to fail for no cause: %v, %s", ids(document), document.Steps[5].Status)
	}
	if document.Verdict != report.Inconclusive || !strings.Contains(string(document.Summary), "step 6 (unit-paths)") {
		t.Errorf("%s: %s", document.Verdict, document.Summary)
	}
}
