package steps_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"unicode"

	"flasktui/lab/boxes"
	"flasktui/steps"
	"flasktui/steps/facts"
	"flasktui/steps/report"
	"flasktui/sys"
	"flasktui/sys/docker"
)

// foreign are words that are false of a service by who manages it: there is no such unit,
// program or project.
func foreign(service string) []string {
	ofUnits := []string{"the unit", "its unit", "this unit", "systemctl", "journalctl", "runs under systemd", "run under systemd", "systemd stops", "systemd starts", "systemd holds"}
	ofPrograms := []string{"supervisorctl", "the program", "the section"}
	ofCompose := []string{"docker compose", "the Compose"}
	ofProjects := append(slices.Clone(ofCompose), "its container")
	switch {
	case strings.HasPrefix(service, "compose:"):
		return slices.Concat(ofUnits, ofPrograms)
	case strings.HasPrefix(service, "supervisor:"):
		return slices.Concat(ofUnits, ofProjects)
	case strings.HasPrefix(service, "docker:"), strings.HasPrefix(service, "podman:"), strings.HasPrefix(service, "swarm:"):
		return slices.Concat(ofUnits, ofPrograms, ofCompose)
	case strings.HasPrefix(service, "pid:"):
		return slices.Concat(ofUnits, ofPrograms, ofProjects)
	}
	return slices.Concat(ofPrograms, ofProjects)
}

// says finds the first of some words in a text, with what stands around it; not those that
// are only a part of longer ones, as "the unit" is of "the units".
func says(text string, words []string) (around string, found bool) {
	letter := func(at int) bool { return at >= 0 && at < len(text) && unicode.IsLetter(rune(text[at])) }
	for _, phrase := range words {
		for from := 0; ; from++ {
			at := strings.Index(text[from:], phrase)
			if at < 0 {
				break
			}
			from += at
			if end := from + len(phrase); !letter(from-1) && !letter(end) {
				return text[max(0, from-80):min(len(text), end+80)], true
			}
		}
	}
	return "", false
}

// TestNoTextIsOfAnotherManager goes through all that is said of every box, as it was found
// and with all that tells of its manager taken away: nothing falls back to a unit, a program
// or a project that is not there.
func TestNoTextIsOfAnotherManager(t *testing.T) {
	everyBox(t, func(t *testing.T, name string, examination steps.Examination) {
		service := string(examination.Report.Target.Service)
		if isUnit := facts.UnitName(service) != ""; isUnit && !strings.HasPrefix(name, practiced) {
			// Beside a unit there may be containers and programs, and their words are true.
			return
		}
		if container, ok := steps.FactsOf(examination).TargetContainer(); ok {
			if _, by := steps.FactsOf(examination).UnitOfProject(container); by {
				// A unit brings the project up, and what is said of that is true.
				return
			}
		}
		words := foreign(service)
		mute := *steps.FactsOf(examination)
		mute.Units = facts.Unreadable[[]facts.Unit]("not read", "")
		mute.Supervised = facts.Unreadable[[]facts.Supervised]("not read", "")
		mute.Containers = facts.Unreadable[[]docker.Container]("not read", "")
		for state, seen := range map[string]steps.Examination{"as it is": examination, "not read": steps.ExaminationOf(&mute)} {
			for place, text := range textsOf(t, seen) {
				if around, found := says(text, words); found {
					t.Errorf("%s, %s: %s says …%s…", service, state, place, around)
				}
			}
		}
	})
}

// TestNoTextIsOfTheUnitThatIsGone judges each box of a unit as if the same process were run
// by nothing that is known, or by supervisord: all causes are seen under them too.
func TestNoTextIsOfTheUnitThatIsGone(t *testing.T) {
	everyBox(t, func(t *testing.T, name string, examination steps.Examination) {
		known := *steps.FactsOf(examination)
		main, runs := known.Main()
		if _, phase := boxes.Split(name); known.Target.Unit == "" || !runs || phase != "" && phase != boxes.Broken {
			return
		}
		unit := known.Target.Unit
		known.Units.Value = slices.DeleteFunc(slices.Clone(known.Units.Value), func(one facts.Unit) bool { return one.Name == unit })
		known.UnitFiles, known.Environment.Value.Files = facts.Missing[facts.UnitFiles]("no unit", ""), nil
		// What is offered for another service is told in the words of that one's manager.
		known.Neighbours = facts.Fact[[]facts.Neighbour]{}
		process := string(sys.Textf("pid:%d", main.Master.PID))
		for service, target := range map[string]facts.Target{
			process:           {Service: process, PID: main.Master.PID},
			"supervisor:shop": {Service: "supervisor:shop", Program: "shop"},
		} {
			known.Target, known.Supervised = target, facts.Of([]facts.Supervised{}, "")
			if target.Program != "" {
				known.Supervised.Value = []facts.Supervised{{Master: main.Master.PID, Program: "shop", Config: "/etc/supervisor/supervisord.conf"}}
			}
			words := foreign(service)
			for place, text := range textsOf(t, steps.ExaminationOf(&known)) {
				for _, beside := range unitsBeside(&known) {
					// What runs beside the service may well be a unit of its own.
					text = strings.ReplaceAll(text, "systemctl restart "+beside, "")
				}
				if around, found := says(text, words); found {
					t.Errorf("%s: %s says …%s…", service, place, around)
				}
			}
		}
	})
}

// unitsBeside are the units of background processes and of other Gunicorns.
func unitsBeside(known *facts.Facts) []string {
	var units []string
	for _, worker := range known.Background.Value {
		units = append(units, worker.Unit)
	}
	for _, unit := range known.Units.Value {
		units = append(units, unit.Name)
	}
	return slices.DeleteFunc(units, func(name string) bool { return name == "" })
}

// textsOf is all that is said of a box: the report with what stands beside it, each fix as it
// would be offered, the guide's quick fix, and the log.
func textsOf(t *testing.T, examination steps.Examination) map[string]string {
	t.Helper()
	texts := map[string]string{}
	document := examination.Report
	// What was run to look, and the guide's own headings, are the same for every box.
	document.Commands, document.Checklist, document.Fixes = nil, nil, nil
	document.Steps, document.Causes = slices.Clone(document.Steps), slices.Clone(document.Causes)
	for _, step := range document.Steps {
		texts["commands of "+step.ID] = joined(step.Commands)
		texts["acts of "+step.ID] = joined(step.Acts)
	}
	for index := range document.Steps {
		document.Steps[index].ID, document.Steps[index].Title = "", ""
	}
	for index := range document.Causes {
		document.Causes[index].ID, document.Causes[index].Fixes = "", nil
	}
	encoded, err := json.MarshalIndent(document, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	lines := slices.DeleteFunc(strings.Split(string(encoded), "\n"), func(line string) bool {
		return strings.Contains(line, `"hop":`) || strings.Contains(line, `"hostname":`)
	})
	texts["report"] = strings.Join(lines, "\n")
	for _, fix := range steps.Fixes() {
		plan, _ := examination.Plan(fix.ID)
		texts["plan of "+fix.ID] = planText(plan)
	}
	for _, part := range examination.QuickFix() {
		if text := string(part.Skip); text != "" {
			texts["quick fix "+part.Plan.ID] = text
			continue
		}
		texts["quick fix "+part.Plan.ID] = planText(part.Plan)
	}
	command, nothing := steps.LogCommand(examination, 9)
	texts["log"] = sys.CommandLine(command.Argv) + " " + string(nothing)
	for place, text := range texts {
		// By what the box's own Nginx is reloaded is another matter.
		texts[place] = strings.NewReplacer("systemctl reload nginx", "", "systemctl start nginx", "").Replace(text)
	}
	return texts
}

// planText is what a plan says; of one that may not run, only why.
func planText(plan report.Plan) string {
	if plan.Blocked != "" {
		return string(plan.Blocked)
	}
	text := string(plan.Effect + " " + plan.Undo)
	for _, argv := range plan.Commands {
		text += "\n" + sys.CommandLine(argv)
	}
	return text
}

func joined(lines []sys.Text) string {
	var all strings.Builder
	for _, line := range lines {
		all.WriteString(string(line) + "\n")
	}
	return all.String()
}
