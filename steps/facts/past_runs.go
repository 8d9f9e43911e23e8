package facts

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"flasktui/sys"
	"flasktui/sys/docker"
	"flasktui/sys/python"
	"flasktui/sys/supervisord"
	"flasktui/sys/systemd"
)

// PastRuns is what root's own records, and the files' times beside them, prove of which
// releases the service has run here before the one that its link leads to now.
type PastRuns struct {
	// Releases are those of which it is proved, the one that was loaded last at the end. A
	// release that merely lies there is not among them.
	Releases []PastRun `json:"releases,omitempty"`
	// LiveAtSwitch says that the last of them was what ran when the link was moved.
	LiveAtSwitch bool `json:"live_at_switch,omitempty"`
	// FirstStart is when the service was first started, or reloaded, after the link was moved,
	// and FirstEnd when it ended by itself, not having run as long as a start takes; both are
	// zero where it did not, or where nothing is told of it.
	FirstStart time.Time `json:"first_start,omitzero"`
	FirstEnd   time.Time `json:"first_end,omitzero"`
}

// PastRun is the proof that a release ran here.
type PastRun struct {
	Release string `json:"release"`
	// Loaded is when systemd had the service load it, and Until the time up to which that run
	// is known to have gone on.
	Loaded time.Time `json:"loaded"`
	Until  time.Time `json:"until"`
	// Bytecode is the app's own that the service's user compiled as it was loaded, at Compiled;
	// empty where Recorded says it.
	Bytecode string    `json:"bytecode,omitempty"`
	Compiled time.Time `json:"compiled,omitzero"`
	// Recorded is the fix of flasktui's own after which the service was seen to run it.
	Recorded string `json:"recorded,omitempty"`
	// Altered is a file of its code that is not as it was then, or why that is not known.
	Altered string `json:"altered,omitempty"`
}

// ActionsRecord is where flasktui keeps root's own record of the fixes that were run.
const ActionsRecord = "/var/log/flasktui/actions.jsonl"

const (
	// compiles is how long after a start or a reload Python compiles the app: whoever
	// compiles it later may be somebody else.
	compiles = 30 * time.Second
	// lastsLonger is longer than a service runs whose app does not load: Gunicorn gives its
	// workers up after a graceful timeout of 30 s.
	lastsLonger = 40 * time.Second
)

// GroupPastRuns is which releases ran here before the one that does not start.
func GroupPastRuns() Group {
	return Group{
		name: "past-runs", words: "what ran before",
		needs:  []func() Group{GroupJournal, GroupSettings, GroupDeployment},
		read:   (*look).readPastRuns,
		fields: []field{fieldOf("journalctl", func(facts *Facts) *Fact[PastRuns] { return &facts.PastRuns })},
	}
}

// readPastRuns asks only where a unit of the system is in trouble whose releases a link chooses:
// of what a user's own systemd says, that user decides.
func (look *look) readPastRuns(ctx context.Context, known *Facts) func(*Facts) {
	unit, ok := known.TargetUnit()
	deployment := known.Deployment.Value
	link := deployment.Link
	if !ok || unit.Owner != nil || !known.Journal.Known || link == nil || link.Dangling || link.NotALink || len(deployment.Releases) < 2 {
		return func(facts *Facts) {
			facts.PastRuns = Fact[PastRuns]{Why: WhyNotAsked, Problem: "not needed", Source: "journalctl"}
		}
	}
	moved := link.Info.ContentTime()
	runs, err := look.runsAround(ctx, unit.Name, moved, known.TakenAt)
	if err != nil {
		return func(facts *Facts) { facts.PastRuns = unreadableFor[PastRuns](err, "journalctl") }
	}
	past := PastRuns{}
	past.FirstStart, past.FirstEnd = firstAfter(runs, moved)
	inside := strings.TrimPrefix(deployment.Resolved, link.Resolved)
	for _, release := range deployment.Releases {
		if release.Path == deployment.Active {
			continue
		}
		files := moduleFiles(release.Path+inside, moduleOf(known.Settings.Value.App))
		if one, proved := look.compiledInRun(ctx, release.Path, files, runs, moved); proved && look.isUser(ctx, one.uid, unit.User) {
			past.Releases = append(past.Releases, one.PastRun)
		}
	}
	past.Releases = append(past.Releases, look.recordedRuns(ctx, known)...)
	slices.SortStableFunc(past.Releases, func(a, b PastRun) int { return a.Loaded.Compare(b.Loaded) })
	if last := len(past.Releases) - 1; last >= 0 {
		past.LiveAtSwitch = past.Releases[last].Loaded.Equal(lastLoad(runs, moved))
	}
	return func(facts *Facts) { facts.PastRuns = Of(past, "journalctl -u "+unit.Name) }
}

// runsAround are a unit's runs before and after a moment. In a crash loop the last lines may not
// reach back to it; then those of the minutes after it are read.
func (look *look) runsAround(ctx context.Context, unit string, moment, now time.Time) ([]systemd.Run, error) {
	const (
		lines = 2000
		after = 10 * time.Minute
	)
	runs, reaches, err := systemd.ReadRuns(ctx, look.machine, unit, time.Time{}, lines)
	if err == nil && reaches.After(moment) && now.Sub(moment) > after {
		runs, reaches, err = systemd.ReadRuns(ctx, look.machine, unit, moment.Add(after), lines)
	}
	if reaches.After(moment) {
		return nil, err
	}
	return runs, err
}

// compiledRun is a proof by bytecode, and whose the bytecode is.
type compiledRun struct {
	PastRun
	uid uint32
}

// compiledInRun is the proof by bytecode, if there is one: the app's module in this release was
// compiled just after systemd had the service load it, and that run went on. When an inode was
// born nobody can set.
func (look *look) compiledInRun(ctx context.Context, release string, sources []string, runs []systemd.Run, moved time.Time) (compiledRun, bool) {
	for _, source := range sources {
		compiled, _ := python.ReadBytecodes(ctx, look.machine, source)
		for _, file := range compiled {
			load, until, within := loadAt(runs, file.Info.Born, moved)
			if !within {
				continue
			}
			one := PastRun{Release: release, Loaded: load, Until: until, Bytecode: file.Path, Compiled: file.Info.Born}
			one.Altered = look.alteredSince(ctx, release, source, file)
			return compiledRun{one, file.Info.UID}, true
		}
	}
	return compiledRun{}, false
}

// loadAt is the load of the service just before a moment, and up to when that run is known to
// have gone on; ok is false where it did not go on for longer than a start that fails.
func loadAt(runs []systemd.Run, at, moved time.Time) (load, until time.Time, ok bool) {
	for _, run := range runs {
		if run.Failed && !run.Ended.After(moved) {
			continue
		}
		until := run.Ended
		if until.IsZero() || until.After(moved) {
			until = moved
		}
		for _, load := range run.Loads {
			if within := at.Sub(load); within >= 0 && within <= compiles && until.Sub(load) >= lastsLonger {
				return load, until, true
			}
		}
	}
	return time.Time{}, time.Time{}, false
}

// isUser tells whether a number is that of a user, who is named or is a number himself. What
// root compiled may be a deploy's work.
func (look *look) isUser(ctx context.Context, uid uint32, user string) bool {
	account, err := sys.LookUpAccount(ctx, look.machine, uid)
	return err == nil && uid != 0 && user != "" && (account.Name == user || strconv.FormatUint(uint64(uid), 10) == user)
}

// alteredSince is a source of a release that was written after its bytecode was, or why that
// cannot be told; empty where none was.
func (look *look) alteredSince(ctx context.Context, release, source string, compiled python.BytecodeFile) string {
	walked := look.walk(ctx, release)
	newest := walked.newestSource()
	info, err := look.machine.Stat(ctx, source)
	switch {
	case err != nil:
		return source + " " + string(problemOf(err))
	case !compiled.Header.HashBased && (!compiled.Header.SourceModified.Equal(info.Modified.Truncate(time.Second)) || int64(compiled.Header.SourceSize) != info.Size):
		return source + " was written since"
	case newest.At.After(compiled.Info.Born.Add(compiles)):
		return newest.Path + " was written since"
	case walked.partial:
		return "it could not be looked at whole"
	}
	return ""
}

// recordedRuns are the releases that flasktui itself saw run after a fix, by root's own record.
// A record that anybody else may write to proves nothing.
func (look *look) recordedRuns(ctx context.Context, known *Facts) []PastRun {
	const most = 1 << 20
	namers := sys.FindNamers(ctx, look.machine, ActionsRecord)
	if namers.Anybody || len(namers.Users) > 0 || len(namers.Groups) > 0 {
		return nil
	}
	content, err := look.machine.ReadEnd(ctx, ActionsRecord, most)
	if err != nil && len(content) == 0 {
		return nil
	}
	newest := map[string]PastRun{}
	for line := range strings.Lines(string(content)) {
		var said struct {
			Time    time.Time `json:"time"`
			Service string    `json:"service"`
			Fix     string    `json:"fix"`
			Release string    `json:"release"`
			Done    bool      `json:"done"`
		}
		if json.Unmarshal([]byte(line), &said) != nil || !said.Done || said.Service != known.Target.Service {
			continue
		}
		if release, ok := known.Deployment.Value.ReleaseOf(said.Release); ok && release.Path != known.Deployment.Value.Active {
			newest[release.Path] = PastRun{Release: release.Path, Loaded: said.Time, Until: said.Time, Recorded: said.Fix}
		}
	}
	var found []PastRun
	for name, one := range newest {
		walked := look.walk(ctx, name)
		if newest := walked.newestSource(); newest.At.After(one.Loaded) {
			one.Altered = newest.Path + " was written since"
		}
		found = append(found, one)
	}
	return found
}

// firstAfter is the first load of the service after its link was moved, and when that run
// ended, where it ended by itself within the time of a start.
func firstAfter(runs []systemd.Run, moved time.Time) (load, end time.Time) {
	for _, run := range runs {
		for _, at := range run.Loads {
			if at.Before(moved) {
				continue
			}
			if !run.Failed || run.Ended.Sub(at) >= lastsLonger {
				return time.Time{}, time.Time{}
			}
			return at, run.Ended
		}
	}
	return time.Time{}, time.Time{}
}

// lastLoad is when the service was last started or reloaded before its link was moved.
func lastLoad(runs []systemd.Run, moved time.Time) time.Time {
	var last time.Time
	for _, run := range runs {
		for _, at := range run.Loads {
			if at.Before(moved) {
				last = at
			}
		}
	}
	return last
}

// journalLines is how much of the log is read: enough for the tracebacks of two starts, which
// are long where one exception led to another.
const journalLines = 200

// GroupJournal is the last lines of the service's log.
func GroupJournal() Group {
	return Group{
		name: "journal", words: "the journal",
		needs:  []func() Group{GroupTarget},
		read:   (*look).readJournal,
		fields: []field{fieldOf("journalctl", func(facts *Facts) *Fact[[]sys.Text] { return &facts.Journal })},
	}
}

// readJournal reads the log only of a service that is in trouble, or has no worker: on a healthy box it would
// tell nothing and cost a command.
func (look *look) readJournal(ctx context.Context, known *Facts) func(*Facts) {
	unit, ok := known.TargetUnit()
	if container, isContainer := known.TargetContainer(); isContainer && (container.State != "running" || container.Restarts > 0) && container.State != docker.ContainerAbsent {
		source := sys.CommandLine(container.Daemon.Argv("logs", container.Name))
		lines, err := docker.ReadContainerLog(ctx, look.machine, container, journalLines)
		return func(facts *Facts) {
			facts.Journal = Of(lines, source)
			if err != nil {
				facts.Journal = unreadableFor[[]sys.Text](err, source)
			}
		}
	}
	if program, supervised := known.Program(); supervised && program.Troubled() {
		lines, err := supervisord.ReadLog(ctx, look.machine, program.Config, program.Program)
		return func(facts *Facts) {
			facts.Journal = Of(lines, "supervisorctl tail "+program.Program)
			if err != nil {
				facts.Journal = unreadableFor[[]sys.Text](err, "supervisorctl tail "+program.Program)
			}
		}
	}
	if !ok {
		return func(facts *Facts) {
			facts.Journal = Missing[[]sys.Text]("the service is not a systemd unit", "journalctl")
		}
	}
	main, running := known.Main()
	if unit.ActiveState == "active" && unit.SubState == "running" && unit.Restarts == 0 && running && len(main.Workers) > 0 {
		return func(facts *Facts) {
			facts.Journal = Fact[[]sys.Text]{Why: WhyNotAsked, Problem: "not needed: the unit runs", Source: "journalctl"}
		}
	}
	lines, err := unit.Manager().ReadJournal(ctx, look.machine, unit.Name, time.Time{}, journalLines)
	return func(facts *Facts) {
		if err != nil {
			facts.Journal = unreadableFor[[]sys.Text](err, "journalctl")
			return
		}
		facts.Journal = Of(lines, string(unit.Typed("journalctl -u %s", unit.Name)))
	}
}
