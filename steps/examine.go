// Package steps looks at a box and judges it: is the new release live, and if not, why and what
// cures it? Examine is the way in. It has the facts gathered (steps/facts), works out once what is
// true of the box (steps/box), finds the causes (steps/causes) and asks each step (steps/walk); what
// follows from all of that is worked out here: the proof and the verdict, the path of a request, the
// time line, the summary. Judging is a function of the facts alone, so saved ones are judged
// anywhere. It knows nothing of the faces in ui, for which catalogue.go names what there is to show.
// Begin with examine.go, then proof.go and verdict.go.
package steps

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"flasktui/steps/box"
	"flasktui/steps/facts"
	"flasktui/steps/fixes"
	"flasktui/steps/report"
	"flasktui/sys"
)

// Options is what a person may say about the box. The type belongs to the facts; the
// faces need not know that room.
type Options = facts.Options

// TargetError means that there is no telling what to examine.
type TargetError = facts.TargetError

// DefaultTimeout bounds a whole check.
const DefaultTimeout = facts.DefaultTimeout

// Examination is one look at a box: the facts as far as they are known, and what follows
// from them. It is not changed once handed out.
type Examination struct {
	Report report.Report
	// Pending is how many groups of facts are still being read, of Total.
	Pending, Total int
	// Reading names what is being read now, for a progress line.
	Reading []string
	facts   *facts.Facts
}

// Examine looks at the box and judges it. watch, if not nil, is called with each
// intermediate state, steps whose facts are not there yet being Pending; calls come one
// at a time.
//
// The error is a *TargetError where the person has to say which service is meant, or
// where what was said does not exist; whatever could not be read is told inside the
// report.
func Examine(ctx context.Context, machine sys.Machine, options Options, watch func(Examination)) (Examination, error) {
	start := time.Now()
	recorder := sys.NewRecorder(machine)
	var inform func(facts.State)
	if watch != nil {
		inform = func(state facts.State) {
			if len(state.Pending) == 0 {
				return
			}
			known := state.Facts
			watch(Examination{
				Report: judge(&known, false), Pending: len(state.Pending), Total: state.Total, Reading: state.Reading, facts: &known,
			})
		}
	}
	known, err := facts.Look(ctx, recorder, options, inform)
	if err != nil {
		return Examination{facts: &known}, err
	}
	examination := Examination{Report: judge(&known, true), facts: &known}
	examination.Report.DurationMS = time.Since(start).Milliseconds()
	for _, record := range recorder.Records() {
		examination.Report.Commands = append(examination.Report.Commands, report.CommandRecord{
			Argv: textStrings(record.Argv), Exit: record.Exit, DurationMS: record.Took.Milliseconds(), Elevated: record.Elevated,
		})
	}
	if watch != nil {
		watch(examination)
	}
	return examination, nil
}

func textStrings(words []sys.Text) []string {
	plain := make([]string, len(words))
	for index, word := range words {
		plain[index] = string(word)
	}
	return plain
}

// Plan makes a fix ready that the report did not offer by itself; ok is false where there
// is no fix of that name.
func (examination Examination) Plan(id string) (plan report.Plan, ok bool) {
	fix, ok := fixes.ByID(id)
	if !ok || examination.facts == nil {
		return report.Plan{}, false
	}
	return fixes.PlanOf(box.New(examination.facts), fix, fixes.ServiceOf(examination.Report, id)).Plan, true
}

// factsForm names the form of saved facts, less their version.
const factsForm = "flasktui/facts/"

// FactsSchema names the form and the version of the facts that this program saves and judges.
func FactsSchema() string { return factsForm + strconv.Itoa(facts.Version) }

// OtherVersionError says that facts were saved by a flasktui that saw the box with other eyes.
type OtherVersionError struct {
	// Version is what the file says, made safe; a number, where it is no stranger's.
	Version sys.Text
}

func (other *OtherVersionError) Error() string {
	return fmt.Sprintf("the facts are of version %s, and this flasktui judges version %d", other.Version, facts.Version)
}

// SavedFacts is the form of a look that was saved to be judged elsewhere.
type SavedFacts struct {
	Schema string       `json:"schema"`
	Facts  *facts.Facts `json:"facts"`
}

// SaveFacts writes what was seen, without the values of variables, so that it can be
// judged again on another machine. Facts hold what the box said as it said it, so all of
// it is made safe here: the file may be mailed about.
func SaveFacts(examination Examination, writer io.Writer) error {
	encoded, err := json.MarshalIndent(SavedFacts{FactsSchema(), examination.facts}, "", " ")
	if err == nil {
		encoded, err = sys.SafeJSON(encoded)
	}
	if err == nil {
		_, err = writer.Write(append(encoded, '\n'))
	}
	if err != nil {
		return fmt.Errorf("saving the facts: %w", err)
	}
	return nil
}

// JudgeFacts judges saved facts; no box is touched. Whoever sent the file may have written
// anything into it, so it is made safe as it is read, too. Facts of another version are an
// [OtherVersionError].
func JudgeFacts(reader io.Reader) (Examination, error) {
	// The form comes first: what another version wrote need not fit into this one's facts.
	var form struct {
		Schema string `json:"schema"`
	}
	encoded, err := io.ReadAll(reader)
	if err == nil {
		encoded, err = sys.SafeJSON(encoded)
	}
	if err == nil {
		err = json.Unmarshal(encoded, &form)
	}
	if err != nil {
		return Examination{}, fmt.Errorf("reading saved facts: %w", err)
	}
	version, isFacts := strings.CutPrefix(form.Schema, factsForm)
	if isFacts && form.Schema != FactsSchema() {
		return Examination{}, fmt.Errorf("reading saved facts: %w", &OtherVersionError{sys.Safe(version)})
	}
	var saved SavedFacts
	if err := json.Unmarshal(encoded, &saved); err != nil {
		return Examination{}, fmt.Errorf("reading saved facts: %w", err)
	}
	if !isFacts || saved.Facts == nil {
		return Examination{}, fmt.Errorf("reading saved facts: the file is not of the form %s", FactsSchema())
	}
	if half := saved.Facts.HalfAnAddress(); half != "" {
		return Examination{}, fmt.Errorf("reading saved facts: no look saw this: %s", half)
	}
	return Examination{Report: judge(saved.Facts, true), facts: saved.Facts}, nil
}
