package steps_test

import (
	"fmt"
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
)

// place is one fact, or one list, somewhere in the facts of a box.
type place struct {
	// path names its fields: "Processes.Gunicorns[].Workers".
	path  string
	value reflect.Value
}

// isFact tells a facts.Fact of whatever it holds.
func isFact(of reflect.Type) bool {
	return of.Kind() == reflect.Struct && of.PkgPath() == reflect.TypeFor[facts.Fact[int]]().PkgPath() && strings.HasPrefix(of.Name(), "Fact[")
}

// placesIn finds every fact, and every list of such as have parts, below a value.
func placesIn(value reflect.Value, path string, visit func(place)) {
	switch value.Kind() {
	case reflect.Pointer:
		if !value.IsNil() {
			placesIn(value.Elem(), path, visit)
		}
	case reflect.Struct:
		if isFact(value.Type()) {
			visit(place{path, value})
			placesIn(value.FieldByName("Value"), path, visit)
			return
		}
		for index := range value.NumField() {
			if field := value.Type().Field(index); field.IsExported() {
				placesIn(value.Field(index), strings.TrimPrefix(path+"."+field.Name, "."), visit)
			}
		}
	case reflect.Slice:
		if value.Type().Elem().Kind() != reflect.Struct || value.Type().Elem() == reflect.TypeFor[facts.Reading]() {
			return // Words, or the look's own notes.
		}
		visit(place{path, value})
		for index := range value.Len() {
			placesIn(value.Index(index), path+"[]", visit)
		}
	}
}

// damaged judges the facts with a value in place of another, and leaves them as they were.
// Whatever is missing is judged; a panic is told by its words.
func damaged(known *facts.Facts, at, with reflect.Value) (report steps.Report, panicked string) {
	was := reflect.ValueOf(at.Interface())
	at.Set(with)
	defer at.Set(was)
	defer func() {
		if fault := recover(); fault != nil {
			panicked = fmt.Sprintf("panic: %v", fault)
		}
	}()
	return steps.JudgeOf(known), ""
}

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
// hold must go: the list is exact.
type exceptions map[string]string

// settle compares what was met with what is excepted.
func (known exceptions) settle(t *testing.T, met *meetings) {
	t.Helper()
	for _, name := range slices.Sorted(maps.Keys(met.with)) {
		if _, excepted := known[name]; !excepted {
			t.Errorf("%s (%s)", name, met.with[name])
		}
	}
	for _, name := range slices.Sorted(maps.Keys(known)) {
		if _, happens := met.with[name]; !happens {
			t.Errorf("this holds by now, and is no exception any more: %s", name)
		}
	}
}

// sure is how certain each cause is; what is folded under another is as certain as can be.
func sure(report steps.Report) map[string]int {
	sure := map[string]int{}
	for _, cause := range report.Causes {
		sure[cause.ID] = map[steps.Confidence]int{steps.Possible: 1, steps.Likely: 2, steps.Certain: 3}[cause.Confidence]
		for _, folded := range cause.Follows {
			sure[folded] = 3
		}
	}
	return sure
}

// everySteadyBox leaves out the one whose workers answer by turns as they happen to be
// asked: the lab's recording of such a box is the same each time.
func everySteadyBox(t *testing.T, try func(t *testing.T, name string, examination steps.Examination)) {
	t.Helper()
	everyBox(t, func(t *testing.T, name string, examination steps.Examination) {
		if name != practiced+"mixed-workers" {
			try(t, name, examination)
		}
	})
}

// TestKnowingLessProvesNothing takes each fact away, and each element out of each list: the
// verdict stays or moves towards inconclusive, no cause becomes more certain, and no report
// contradicts itself.
func TestKnowingLessProvesNothing(t *testing.T) {
	var met meetings
	everySteadyBox(t, func(_ *testing.T, name string, examination steps.Examination) {
		known := steps.FactsOf(examination)
		before := examination.Report
		try := func(what string, at place, with reflect.Value) {
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
				try(at.path, at, unread(at.value))
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
func gained(before, after steps.Report) []string {
	var effects []string
	switch {
	case before.Verdict != steps.Fresh && after.Verdict == steps.Fresh:
		effects = append(effects, "fresh")
	case before.Verdict == steps.Fresh && after.Verdict != steps.Fresh && after.Verdict != steps.Inconclusive:
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

// without is a list that lacks one of its elements.
func without(list reflect.Value, index int) reflect.Value {
	shorter := reflect.MakeSlice(list.Type(), 0, list.Len())
	shorter = reflect.AppendSlice(shorter, list.Slice(0, index))
	return reflect.AppendSlice(shorter, list.Slice(index+1, list.Len()))
}

// unread is a fact that could not be had.
func unread(fact reflect.Value) reflect.Value {
	missing := reflect.New(fact.Type()).Elem()
	missing.FieldByName("Problem").SetString("it could not be read")
	missing.FieldByName("Source").Set(fact.FieldByName("Source"))
	return missing
}

// TestOrderChangesNothing shuffles each list, one after the other. Where an order has a
// meaning, as a log's has, it is no matter of judgement and stands among the exceptions.
func TestOrderChangesNothing(t *testing.T) {
	var met meetings
	everySteadyBox(t, func(t *testing.T, name string, examination steps.Examination) {
		random := rand.New(rand.NewPCG(1, 2))
		known := steps.FactsOf(examination)
		before := foremost(t, examination.Report)
		placesIn(reflect.ValueOf(known).Elem(), "", func(at place) {
			if at.value.Kind() != reflect.Slice || at.value.Len() < 2 {
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

// TestNoReportContradictsItself looks at each box as it is.
func TestNoReportContradictsItself(t *testing.T) {
	var met meetings
	everyBox(t, func(_ *testing.T, name string, examination steps.Examination) {
		for _, contradiction := range contradictions(examination.Report) {
			met.note(name+": "+contradiction, name)
		}
	})
	contradictory().settle(t, &met)
}

// contradictions are what no report may say in one breath.
func contradictions(report steps.Report) []string {
	var found []string
	claim := func(holds bool, words string) {
		if !holds {
			found = append(found, words)
		}
	}
	deciding := slices.DeleteFunc(slices.Clone(report.Causes), func(cause steps.Finding) bool { return !cause.Decides() })
	failing := func(step steps.Result) bool { return step.Status == steps.Fail }
	broken := func(hop steps.Hop) bool { return hop.State == steps.Fail }
	disk, loaded, served := report.Releases.OnDisk, report.Releases.Loaded, report.Releases.Served
	switch report.Verdict {
	case steps.Fresh:
		claim(!slices.ContainsFunc(report.Steps, failing), "fresh, and a step fails")
		claim(!slices.ContainsFunc(report.Path, broken), "fresh, and a hop is broken")
		claim(!slices.ContainsFunc(report.Path, func(hop steps.Hop) bool { return hop.State == steps.Unknown }), "fresh, and a hop is unknown")
		claim(len(deciding) == 0, "fresh, and a cause decides")
		claim(disk.ID == "" || loaded.ID == "" || loaded.ID == disk.ID, "fresh, and what is loaded is not what is on disk")
		claim(disk.ID == "" || served.ID == "" || sameAsDisk(served, disk), "fresh, and what is served is not what is on disk")
	case steps.Stale, steps.Mixed:
		claim(len(deciding) > 0 || report.Verdict == steps.Mixed, "stale, and nothing decides it")
		claim(slices.ContainsFunc(report.Path, broken), "stale, and no hop is broken")
		claim(report.Verdict != steps.Stale || disk.ID == "" || loaded.ID != disk.ID || !sameAsDisk(served, disk) || !aboutCode(report.Causes), "stale for its code, and all releases are the same")
	case steps.Down:
		claim(served.ID == "", "down, and something is served")
	case steps.Inconclusive:
		claim(len(deciding) == 0, "inconclusive, and a cause decides")
	}
	if len(deciding) > 0 {
		claim(len(deciding[0].Fixes) > 0 || deciding[0].Advice != "", deciding[0].ID+" has neither fix nor advice")
		claim(len(deciding[0].Evidence) > 0, deciding[0].ID+" has no evidence")
	}
	for _, cause := range deciding {
		claim(report.Steps[cause.Step-1].Status == steps.Fail, cause.ID+" decides, and its step does not fail")
		for _, line := range cause.Evidence {
			claim(line.Source != "" && line.Value != "", cause.ID+" has evidence without value or source")
		}
		for _, fix := range cause.Fixes {
			claim(slices.ContainsFunc(report.Fixes, func(plan steps.Plan) bool { return plan.ID == fix }), cause.ID+" names a fix that is not made ready")
		}
	}
	for index, cause := range deciding {
		claim(index == 0 || cause.Confidence != steps.Certain || deciding[index-1].Confidence == steps.Certain || len(cause.Fixes) == 0,
			cause.ID+" is certain, has a cure, and stands below one that is likely")
	}
	for _, step := range report.Steps {
		claim(step.Status != steps.Pending, step.ID+" is pending")
		claim(step.Status != steps.Unknown && step.Status != steps.Skipped || step.Reason != "", step.ID+" gives no reason")
		claim(step.Summary != "", step.ID+" says nothing")
	}
	return found
}

// foremost is what a person is told first.
func foremost(t *testing.T, report steps.Report) string {
	t.Helper()
	return fmt.Sprintf("%s%s\n%v", rowOf(t, "", report), report.Summary, report.Releases)
}

func shuffled(list reflect.Value, random *rand.Rand) reflect.Value {
	other := reflect.MakeSlice(list.Type(), 0, list.Len())
	order := random.Perm(list.Len())
	if slices.IsSorted(order) {
		slices.Reverse(order)
	}
	for _, index := range order {
		other = reflect.Append(other, list.Index(index))
	}
	return other
}

// sameAsDisk tells whether the site names the release that is on disk.
func sameAsDisk(served steps.ReleaseSummary, disk steps.ReleaseSummary) bool {
	name := string(served.ID)
	return name == string(disk.ID) || name != "" && (strings.HasPrefix(string(disk.Commit), name) || strings.HasPrefix(string(disk.ID), name+" "))
}

// aboutCode tells a first cause that is about which release the processes hold.
func aboutCode(causes []steps.Finding) bool {
	return len(causes) > 0 && slices.Contains([]string{
		"service-not-restarted", "mixed-workers", "hup-with-preload", "release-dir-deleted", "unit-points-to-old-path", "daemon-reload-needed",
		"unit-change-not-applied", "symlink-not-switched", "symlink-broken", "orphan-gunicorn", "container-stale", "deployed-elsewhere",
	}, causes[0].ID)
}

// TestWhatFreshNeedsToKnow names the facts without which nothing is called fresh.
func TestWhatFreshNeedsToKnow(t *testing.T) {
	t.Parallel()
	for box, needs := range map[string]string{
		practiced + "healthy":                           "Processes Units NginxDisk UnitFiles Environment Deployment Code Site",
		practiced + "healthy/checkout":                  "Processes Units NginxDisk UnitFiles Environment Deployment Code Site",
		boxes.Name("built-not-recreated", boxes.Cured):  "Processes Containers Images NginxDisk Inside Compose ImageSource Deployment Code Site",
		boxes.Name("healthy-supervised", boxes.Healthy): "Processes Supervised NginxDisk Deployment Code Site",
	} {
		known := steps.FactsOf(examined(t, box))
		all := reflect.ValueOf(known).Elem()
		for _, field := range reflect.VisibleFields(all.Type()) {
			if !isFact(field.Type) {
				continue
			}
			report, panicked := damaged(known, all.FieldByIndex(field.Index), unread(all.FieldByIndex(field.Index)))
			if needed := slices.Contains(strings.Fields(needs), field.Name); panicked != "" || needed != (report.Verdict == steps.Inconclusive) || !needed && report.Verdict != steps.Fresh {
				t.Errorf("%s without %s: %s%s: %s", box, field.Name, report.Verdict, panicked, report.Summary)
			}
		}
	}
}

// TestAFailedStepForbidsFresh, also where no cause is found for it.
func TestAFailedStepForbidsFresh(t *testing.T) {
	t.Parallel()
	known := steps.FactsOf(examined(t, practiced+"healthy"))
	missingEnvironment(known)
	report := steps.JudgeOf(known)
	if slices.ContainsFunc(report.Causes, steps.Finding.Decides) || report.Steps[5].Status != steps.Fail {
		t.Fatalf("step 6 is to fail for no cause: %v, %s", ids(report), report.Steps[5].Status)
	}
	if report.Verdict != steps.Inconclusive || !strings.Contains(string(report.Summary), "step 6 (unit-paths)") {
		t.Errorf("%s: %s", report.Verdict, report.Summary)
	}
}
