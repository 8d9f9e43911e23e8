package facts

import (
	"context"
	"path"
	"slices"
	"strings"

	"flasktui/steps/report"
	"flasktui/steps/rights"
	"flasktui/sys"
)

// unitOrigin asks who but root may write what systemd reads for a unit, and compares it with
// what systemd holds.
func (look *look) unitOrigin(ctx context.Context, known *Facts, unit Unit, origin *Origin) {
	files := known.UnitFiles.Value
	writers := look.writers(ctx, known)
	for _, file := range files.All() {
		origin.Sources = writers.add(ctx, origin.Sources, file.Path)
	}
	for _, file := range known.Environment.Value.Files {
		origin.Starting = writers.add(ctx, origin.Starting, file.Path)
	}
	run := rights.OfUnit(files.All())
	for _, command := range run.AsRoot {
		for _, word := range command {
			info, err := look.machine.Stat(ctx, word)
			if path.IsAbs(word) && err == nil && !info.IsDir() {
				origin.Starting = writers.add(ctx, origin.Starting, word)
			}
		}
	}
	if len(origin.Sources) > 0 {
		for _, one := range files.Comparison.Differs {
			origin.Changes = append(origin.Changes, run.Change(one))
		}
		slices.SortStableFunc(origin.Changes, rights.GivingFirst)
		for _, one := range files.Comparison.Untold {
			if !rights.IsCalm(one.Key) {
				origin.Uncompared = append(origin.Uncompared, one.Key)
			}
		}
		origin.Problem = files.ComparisonProblem
		if !unit.NeedsReload && len(files.Comparison.Differs) == 0 {
			origin.Uncompared = origin.Uncompared[:0]
		}
	}
	if len(origin.Sources) > 0 && len(run.AsRoot) > 0 {
		origin.StartChanges = append(origin.StartChanges, loadedSince(files, origin.Sources, unit, run)...)
	}
	if len(run.AsRoot) > 0 && len(origin.Starting) > 0 {
		origin.StartChanges = append(origin.StartChanges, steeringVariables(known)...)
	}
}

// loadedSince tells of files that changed after the service was started and that systemd has
// loaded since, for whatever reason (every upgrade of a package has it load all units): what
// they have root run need not be what was run then. Nobody can set a file's change time.
func loadedSince(files UnitFiles, sources []report.Source, unit Unit, run rights.Unit) []report.KeyChange {
	for _, file := range files.All() {
		others := slices.ContainsFunc(sources, func(source report.Source) bool { return source.Path == file.Path })
		if others && !unit.MainStarted.IsZero() && file.Info.Changed.After(unit.MainStarted) {
			return []report.KeyChange{{
				Key: "Exec", Then: rights.ShownCommand(run.AsRoot[0]),
				Gives: "root's rights, perhaps to more than was run before: " + string(sys.Safe(file.Path)) + " changed after the service was started",
			}}
		}
	}
	return nil
}

// supervisedOrigin asks the same of what supervisord reads. What it holds cannot be asked
// for, so a section that changed since the program was started is not compared.
func (look *look) supervisedOrigin(ctx context.Context, known *Facts, program Supervised, origin *Origin) {
	writers := look.writers(ctx, known)
	origin.Sources = writers.add(ctx, origin.Sources, program.Section.File, program.Config)
	main, running := known.Main()
	if len(origin.Sources) > 0 && (!running || program.Section.Info.Changed.After(main.Master.Started)) {
		origin.Uncompared = append(origin.Uncompared, string(sys.Safe("[program:"+program.Section.Name+"], which changed after the program was started")))
	}
}

// steeringVariables are those that the files set now and that the running service has not
// got, or otherwise.
func steeringVariables(known *Facts) []report.KeyChange {
	changes := []report.KeyChange{}
	main, running := known.Main()
	names := []string{}
	for name, fingerprint := range known.Environment.Value.Prints {
		if rights.Steers(name) && (!running || main.Master.Prints == nil || main.Master.Prints[name] != fingerprint) {
			names = append(names, string(sys.Safe(name)))
		}
	}
	if slices.Sort(names); len(names) > 0 {
		changes = append(changes, report.KeyChange{Key: "EnvironmentFile", Then: strings.Join(names, ", "), Gives: "a say in what root runs"})
	}
	return changes
}
