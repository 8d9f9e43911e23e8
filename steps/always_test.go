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
	"flasktui/steps/report"
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

// exceptions are what does not hold yet, by name, with the reason. One that has come to
// hold must go: where all boxes are tried, the list is exact.
type exceptions map[string]string

// settle compares what was met with what is excepted.
func (known exceptions) settle(t *testing.T, met *meetings) {
	t.Helper()
	for _, name := range slices.Sorted(maps.Keys(met.with)) {
		if _, excepted := known[name]; !excepted {
			t.Errorf("%s (%s)", name, met.with[name])
		}
	}
	if testing.Short() {
		return
	}
	for _, name := range slices.Sorted(maps.Keys(known)) {
		if _, happens := met.with[name]; !happens {
			t.Errorf("this holds by now, and is no exception any more: %s", name)
		}
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

// TestKnowingLessProvesNothing takes each fact away, and each element out of each list: the
// verdict stays or moves towards inconclusive, no cause becomes more certain, and no report
// contradicts itself.
func TestKnowingLessProvesNothing(t *testing.T) {
	var met meetings
	sampledBoxes(t, func(_ *testing.T, name string, examination steps.Examination) {
		known := steps.FactsOf(examination)
		before := examination.Report
		mine := byTurns(name)
		try := func(what string, at place, with reflect.Value) {
			if !mine() {
				return
			}
			after, panicked := damaged(known, at.value, with)
			if panicked != "" {
				met.note(what+": panic", name)
				return
			}
			for _, effect := range slices.Concat(gained(before, after), contradictions(after)) {
				if !slices.Contains(contradictions(before), effect) {
					met.note(what+": "+effect, name)
				}
			}
		}
		placesIn(reflect.ValueOf(known).Elem(), "", func(at place) {
			if at.value.Kind() != reflect.Slice {
				if at.value.FieldByName("Known").Bool() {
					try(at.path, at, unread(at.value))
				}
				return
			}
			for index := range at.value.Len() {
				if index > 0 && reflect.DeepEqual(at.value.Index(index).Interface(), at.value.Index(index-1).Interface()) {
					continue // The list is the same without this one as without that.
				}
				try("an element of "+at.path, at, without(at.value, index))
			}
		})
	})
	weakerThanKnown().settle(t, &met)
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

// TestOrderChangesNothing shuffles each list, one after the other. Where an order has a
// meaning, as a log's has, it is no matter of judgement and stands among the exceptions.
func TestOrderChangesNothing(t *testing.T) {
	var met meetings
	sampledBoxes(t, func(t *testing.T, name string, examination steps.Examination) {
		random := rand.New(rand.NewPCG(1, 2))
		known := steps.FactsOf(examination)
		before := foremost(t, examination.Report)
		mine := byTurns(name)
		placesIn(reflect.ValueOf(known).Elem(), "", func(at place) {
			if at.value.Kind() != reflect.Slice || at.value.Len() < 2 || !mine() {
				return
			}
			report, panicked := damaged(known, at.value, shuffled(at.value, random))
			if after := foremost(t, report); panicked != "" || after != before {
				met.note(at.path, name+": "+panicked+firstDifference(before, after))
			}
		})
	})
	orderMatters().settle(t, &met)
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
		practiced + "healthy":                           "Processes Listeners Units NginxDisk UnitFiles Environment Deployment Code Site Static",
		practiced + "healthy/checkout":                  "Processes Listeners Units NginxDisk UnitFiles Environment Deployment Code Site Static",
		boxes.Name("built-not-recreated", boxes.Cured):  "Processes Listeners Containers Images NginxDisk Inside Compose ImageSource Deployment Code Site Static",
		boxes.Name("healthy-supervised", boxes.Healthy): "Processes Listeners Supervised NginxDisk Deployment Code Site Static",
	} {
		known := factsOf(t, box)
		all := reflect.ValueOf(known).Elem()
		for _, field := range reflect.VisibleFields(all.Type()) {
			if !isFact(field.Type) {
				continue
			}
			document, panicked := damaged(known, all.FieldByIndex(field.Index), unread(all.FieldByIndex(field.Index)))
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
