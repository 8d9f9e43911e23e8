package steps_test

import (
	"path"
	"slices"
	"testing"
	"time"

	"flasktui/lab/boxes"
	"flasktui/steps"
	"flasktui/steps/box"
	"flasktui/steps/causes"
	"flasktui/steps/facts"
	"flasktui/steps/fixes"
	"flasktui/steps/report"
	"flasktui/sys/practice"
	"flasktui/sys/systemd"
)

// A fix is offered only where the cause that it cures would be gone after it. This is asked in
// three ways: of the lab's boxes, whose first fix was run, by their recording after it; of each
// practice box, by running every fix that is offered there; and of every box, whatever was done
// to it since, by what a restart or a reload changes in the facts, as is written down here.

// offer is a fix that may be run, with the cause that offers it.
type offer struct {
	cause report.Finding
	fix   string
}

// offers are all that a report makes, at its causes and at its steps: there causes offer that
// only follow from others, too.
func offers(examination steps.Examination) []offer {
	known, document := steps.FactsOf(examination), examination.Report
	var made []offer
	for _, finding := range causes.Find(box.New(known)) {
		for _, fix := range finding.Fixes {
			shown := slices.Contains(document.Steps[finding.Step-1].Fixes, fix) ||
				slices.ContainsFunc(document.Causes, func(cause report.Finding) bool { return cause.ID == finding.ID })
			if plan, _ := examination.Plan(fix); shown && plan.Blocked == "" && finding.Decides() {
				made = append(made, offer{finding, fix})
			}
		}
	}
	return made
}

// remains tells whether a cause is found in a report, by itself or folded under another one.
func remains(cause string, document report.Report) bool {
	return slices.ContainsFunc(document.Causes, func(finding report.Finding) bool {
		return finding.Decides() && (finding.ID == cause || slices.Contains(finding.Follows, cause))
	})
}

func TestNoCauseIsLeftThatTheLabHasCured(t *testing.T) {
	names, err := boxes.Names(recordings)
	if err != nil {
		t.Fatal(err)
	}
	tryBoxes(t, names, func(t *testing.T, name string, examination steps.Examination) {
		site, phase := boxes.Split(name)
		if after := boxes.Name(site, boxes.Cured); phase == boxes.Broken && slices.Contains(names, after) {
			cured := looked.at(t, after).examination.Report
			for _, one := range offers(examination) {
				if remains(one.cause.ID, cured) {
					t.Errorf("%s is offered for %s, which is still found once the box is cured", one.fix, one.cause.ID)
				}
			}
		}
	})
}

func TestEveryFixThatPracticeOffersCures(t *testing.T) {
	everyPracticeBox(t, func(t *testing.T, name string, examination steps.Examination) {
		for _, one := range offers(examination) {
			machine, err := practice.New(name[len(practiced):], fixedNow)
			if err != nil {
				t.Fatal(err)
			}
			before := examine(t, machine)
			plan, _ := before.Plan(one.fix)
			outcome, err := steps.Apply(t.Context(), machine, asOwner(machine), before, plan, nil)
			if err != nil || !outcome.Done || remains(one.cause.ID, outcome.After.Report) {
				t.Errorf("%s is offered for %s, and after it: %v, done %t (%s), %v", one.fix, one.cause.ID, err, outcome.Done, outcome.Message, ids(outcome.After.Report))
			}
		}
	})
}

// TestWhatARestartChangesCures puts new processes in the place of the old ones.
func TestWhatARestartChangesCures(t *testing.T) {
	effects := map[string]func(*facts.Facts){fixes.Restart().ID: startAgain, fixes.HUP().ID: startWorkersAgain}
	everyBox(t, func(t *testing.T, name string, examination steps.Examination) {
		for _, one := range offers(examination) {
			effect, stated := effects[one.fix]
			if !stated {
				continue
			}
			known := factsOf(t, name)
			if other, is := known.As(one.cause.Service); is {
				effect(other)
				later(known)
			} else {
				effect(known)
			}
			if after := steps.JudgeOf(known); remains(one.cause.ID, after) {
				t.Errorf("%s is offered for %s, which would still be found after it: %s", one.fix, one.cause.ID, after.Summary)
			}
		}
	})
}

// makeAnew is what the restart of a unit that runs `docker run`, or of a swarm's service, changes: the container is another
// one, from the image that its tag names now.
func makeAnew(known *facts.Facts, at time.Time) {
	for index := range known.Containers.Value {
		if one := &known.Containers.Value[index]; one.Identity() == known.Target.Container {
			one.ImageID, one.Created, one.Started = known.Images.Value[one.ImageName].ID, at, at
		}
	}
}

// startAgain is what a restart changes: all processes of the service are new, stand where the
// unit or program that starts them leads now, and have its arguments and the environment of
// now. The disk, what systemd has loaded, and what stands before the service are as they were.
func startAgain(known *facts.Facts) {
	at := later(known)
	around, ok := known.AroundUnit()
	if container, _ := known.TargetContainer(); ok && around.Docker.Anew || container.Swarm != nil {
		makeAnew(known, at)
	}
	unit, inUnit := known.TargetUnit()
	for _, gunicorn := range ownOf(known) {
		for _, process := range processesOf(gunicorn) {
			begin(known, process, at)
			if where := known.WorkingDirectory(); where != "" {
				process.Directory = leadsTo(known, where)
			}
		}
		if inUnit && slices.Contains(unit.Runs, gunicorn.Master.PID) {
			gunicorn.Settings = unit.Settings
		}
		if gunicorn.UWSGI != nil {
			gunicorn.UWSGI.Again, gunicorn.UWSGI.AgainAt = false, time.Time{}
		}
	}
	for index := range known.Units.Value {
		if one := &known.Units.Value[index]; one.Name == known.Target.Unit {
			one.MainStarted = at
		}
	}
}

// startWorkersAgain is what a HUP changes: the workers alone are new, and stand where the master
// goes again, which is the path that it was started by. Where it asked the kernel for that, no
// link is in it: a release's own directory, or one that has been renamed since, and whose place
// another has taken. Where it stands is then not the path that it goes to, if the unit still says
// that it was started there.
func startWorkersAgain(known *facts.Facts) {
	at := later(known)
	settings, where := known.Settings.Value, known.WorkingDirectory()
	_, through := known.Deployment.Value.Link.Rest(where)
	for _, gunicorn := range ownOf(known) {
		changed := slices.ContainsFunc(known.UnitFiles.Value.All(), func(file systemd.UnitFile) bool {
			return file.Info.ContentTime().After(gunicorn.Master.Started)
		})
		for index := range gunicorn.Workers {
			worker := &gunicorn.Workers[index]
			begin(known, worker, at)
			switch {
			case settings.DirectoryVia != "cwd":
				worker.Directory = leadsTo(known, settings.Directory)
			case where != "" && !through && !changed:
				worker.Directory = where
			}
		}
		if told := gunicorn.UWSGI; told != nil && !told.WorkersOnly {
			// Its master executes itself anew, and goes where it is told to as it is written.
			told.Again, told.AgainAt = true, at
			if settings.DirectoryVia != "cwd" {
				gunicorn.Master.Directory = leadsTo(known, settings.Directory)
			}
		}
	}
}

// later moves the moment of the look on, and gives the time of a start just before it. What the
// app answered was answered by processes that are gone.
func later(known *facts.Facts) time.Time {
	const since = 10 * time.Second
	known.TakenAt = known.TakenAt.Add(2 * since)
	site := &known.Site.Value
	for _, asked := range []*facts.Asked{&site.App, &site.Nginx, &site.Public} {
		asked.Version, asked.Home, asked.Busted = nil, nil, nil
	}
	for index := range site.Backends {
		site.Backends[index].Asked.Version, site.Backends[index].Asked.Home = nil, nil
	}
	site.Doors = nil
	return known.TakenAt.Add(-since)
}

func begin(known *facts.Facts, process *facts.Process, at time.Time) {
	process.Started, process.DirectoryDeleted = at, false
	process.StartTicks += 1000
	for name, print := range known.Environment.Value.Prints {
		if process.Prints != nil {
			process.Prints[name] = print
		}
	}
}

// leadsTo is the directory that a path leads to now.
func leadsTo(known *facts.Facts, name string) string {
	deployment := known.Deployment.Value
	if rest, through := deployment.Link.Rest(name); through && !deployment.Link.NotALink {
		return path.Join(deployment.Link.Resolved, rest)
	}
	if name == deployment.Directory {
		return deployment.Resolved
	}
	return name
}

func ownOf(known *facts.Facts) []*facts.Server {
	own := known.Own()
	var found []*facts.Server
	for index := range known.Processes.Value.Servers {
		one := &known.Processes.Value.Servers[index]
		if slices.ContainsFunc(own, func(other facts.Server) bool { return other.Master.ID() == one.Master.ID() }) {
			found = append(found, one)
		}
	}
	return found
}

func processesOf(gunicorn *facts.Server) []*facts.Process {
	processes := []*facts.Process{&gunicorn.Master}
	for index := range gunicorn.Workers {
		processes = append(processes, &gunicorn.Workers[index])
	}
	return processes
}
