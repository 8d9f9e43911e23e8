package facts

import (
	"context"
	"errors"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"

	"flasktui/steps/report"
	"flasktui/steps/rights"
	"flasktui/sys"
	"flasktui/sys/appserver"
	"flasktui/sys/nginx"
)

// Origin is where that comes from which a fix would have root, or root's Docker, run: who
// else may write it, and how it differs from what runs now.
type Origin struct {
	// Sources are the files and directories that somebody else may change; Building are
	// those of them that only a build reads.
	Sources  []report.Source `json:"sources"`
	Building []report.Source `json:"building"`
	// Starting is what a start of a unit reads or runs as root, and StartChanges what of it
	// does.
	Starting     []report.Source    `json:"starting"`
	StartChanges []report.KeyChange `json:"start_changes"`
	// LedBy are mounted paths that somebody else may lead elsewhere.
	LedBy []report.Source `json:"led_by"`
	// Changes are the keys that differ, those that hand over the box first. BuildGives are
	// what a build would be given; Led are mounts that a restart alone would lead elsewhere.
	Changes    []report.KeyChange `json:"changes"`
	BuildGives []report.KeyChange `json:"build_gives"`
	Led        []report.KeyChange `json:"led"`
	// Nginx are files of the box's own Nginx that changed since it read them, and
	// NginxChanges what they say that root does.
	Nginx        []report.Source    `json:"nginx"`
	NginxChanges []report.KeyChange `json:"nginx_changes"`
	// Uncompared are keys of which it is not known whether they differ, or what they do.
	Uncompared []string `json:"uncompared"`
	// Problem is why nothing could be compared.
	Problem sys.Text `json:"problem,omitempty"`
}

// GroupOrigin is whose the files are that a fix would have run.
func GroupOrigin() Group {
	return Group{
		name: "origin", words: "whose files they are",
		needs:  []func() Group{GroupHost, GroupFront, GroupInside, GroupCompose, GroupImages, GroupEnvironment},
		read:   (*look).readOrigin,
		fields: []field{fieldOf("stat", func(facts *Facts) *Fact[Origin] { return &facts.Origin })},
	}
}

// readOrigin asks whose the files are that a fix would have run.
func (look *look) readOrigin(ctx context.Context, known *Facts) func(*Facts) {
	const source = "stat of every directory on the way"
	origin := Origin{
		Sources: []report.Source{}, Building: []report.Source{}, LedBy: []report.Source{}, Starting: []report.Source{}, StartChanges: []report.KeyChange{},
		Nginx: []report.Source{}, NginxChanges: []report.KeyChange{}, Changes: []report.KeyChange{}, BuildGives: []report.KeyChange{}, Led: []report.KeyChange{}, Uncompared: []string{},
	}
	container, ok := known.TargetContainer()
	unit, isUnit := known.TargetUnit()
	program, supervised := known.Program()
	switch {
	case supervised && program.Section != nil:
		look.supervisedOrigin(ctx, known, program, &origin)
	case ok && container.Project != "":
		look.composeOrigin(ctx, known, container, &origin)
	case isUnit && unit.Owner == nil && known.UnitFiles.Known:
		look.unitOrigin(ctx, known, unit, &origin)
	}
	look.nginxOrigin(ctx, known, &origin)
	return func(facts *Facts) { facts.Origin = Of(origin, source) }
}

// writers looks for those who may write files. The person who asks is not told of themselves.
type writers struct {
	look     *look
	accounts sys.Accounts
	except   []uint32
	seen     map[string]bool
	owners   []uint32
}

func (look *look) writers(ctx context.Context, known *Facts, except ...uint32) *writers {
	if known.Host.Known && known.Host.Value.UID > 0 {
		except = append(except, uint32(known.Host.Value.UID)) //nolint:gosec // a user id
	}
	return &writers{look: look, accounts: sys.ReadAccounts(ctx, look.machine), except: append(except, 0), seen: map[string]bool{}}
}

// add looks at files; what is not there has nobody who may write it.
func (writers *writers) add(ctx context.Context, list []report.Source, names ...string) []report.Source {
	for _, name := range names {
		// A build's context may be an address, and so no file of the box.
		if writers.seen[name] || !path.IsAbs(name) {
			continue
		}
		writers.seen[name] = true
		deciders, err := sys.FindDeciders(ctx, writers.look.machine, name)
		who := deciders.Names(writers.accounts, writers.except...)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			continue
		case err != nil:
			who = append(who, "others perhaps (the way there could not be looked at)")
		}
		if len(who) > 0 {
			list = append(list, report.Source{Path: path.Clean(name), Who: who})
			for _, uid := range deciders.Users {
				if !slices.Contains(writers.owners, uid) {
					writers.owners = append(writers.owners, uid)
				}
			}
		}
	}
	return list
}

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

// nginxOrigin asks who but root may write the files of the box's own Nginx that changed since
// it read them. What it holds cannot be asked for; so that is looked for which its master
// does as root, or has run by all workers.
func (look *look) nginxOrigin(ctx context.Context, known *Facts, origin *Origin) {
	const most = 32
	loaded := known.NginxLoadedAt()
	if !known.NginxDisk.Known || known.Front.Known || loaded.IsZero() {
		return
	}
	writers := look.writers(ctx, known)
	held := look.openFiles(ctx, known)
	for _, name := range known.NginxDisk.Value.Files {
		if len(origin.Nginx) == most {
			break
		}
		link, info, err := look.ends(ctx, name)
		if err != nil {
			continue
		}
		before := len(origin.Nginx)
		if info.Changed.After(loaded) || link.Changed.After(loaded) {
			origin.Nginx = writers.add(ctx, origin.Nginx, name)
		}
		if len(origin.Nginx) == before {
			continue
		}
		changes := []report.KeyChange{{Key: string(sys.Safe(path.Base(name)))}}
		raw, err := look.machine.ReadFile(ctx, name, 1<<20)
		directives, parseErr := nginx.Directives(string(raw))
		if err != nil || parseErr != nil {
			changes[0].Gives = "what is not known: it could not be read"
		} else {
			changes = append(rights.OfNginx(directives, held), changes...)
		}
		origin.NginxChanges = append(origin.NginxChanges, changes...)
	}
	slices.SortStableFunc(origin.NginxChanges, rights.GivingFirst)
}

// openFiles are those that Nginx's masters hold open, its logs among them.
func (look *look) openFiles(ctx context.Context, known *Facts) []string {
	var held []string
	for _, process := range known.Processes.Value.Nginx {
		if process.Role != "master" || process.Cgroup.Container != "" {
			continue
		}
		directory := path.Join("/proc", strconv.Itoa(process.PID), "fd")
		entries, err := look.machine.ReadDir(ctx, directory)
		if err != nil {
			continue
		}
		for _, entry := range entries {
			if target, err := look.machine.ReadLink(ctx, path.Join(directory, entry.Name)); err == nil && path.IsAbs(target) {
				held = append(held, target)
			}
		}
	}
	return held
}

// DirectoryOwner says who decides what is in a directory, and what its name leads to: what root
// does there by name, they could turn on any other place of the box.
type DirectoryOwner struct {
	// UID and GID own the directory.
	UID uint32 `json:"uid"`
	GID uint32 `json:"gid"`
	// Loose is a directory, or a link, on the way there that others than root may put
	// something else in the place of; empty for none.
	Loose string `json:"loose,omitempty"`
	// Problem says why that could not be told.
	Problem sys.Text `json:"problem,omitempty"`
}

// directoryOwner asks of a directory by the name that whoever changes something in it uses.
func (look *look) directoryOwner(ctx context.Context, directory string) DirectoryOwner {
	deciders, err := sys.FindDeciders(ctx, look.machine, directory)
	if err != nil {
		return DirectoryOwner{Problem: sys.ErrorText(err)}
	}
	return DirectoryOwner{UID: deciders.Info.UID, GID: deciders.Info.GID, Loose: deciders.Loose}
}

// processNamers is whoever's the service's process is, by all four user ids: its arguments, its
// environment and the directory in which it stands are theirs to choose, whatever started it,
// as a process may write over the first two. A container's are inside its own root.
func (facts *Facts) processNamers() sys.Namers {
	main, running := facts.Main()
	if !running || facts.Target.Container != "" {
		return sys.Namers{}
	}
	return namersOf(main.Master)
}

// namersOf is whoever's a process is.
func namersOf(process Process) sys.Namers {
	if process.Unreadable["uid"] != "" {
		return sys.Namers{Anybody: true}
	}
	var found sys.Namers
	ids := process.Users
	for _, user := range []int{ids.Real, ids.Effective, ids.Saved, ids.FileSystem} {
		if user != 0 {
			found = found.With(sys.Namers{Users: []uint32{uint32(user)}}) //nolint:gosec // the kernel's own number
		}
	}
	return found
}

// isManaged tells whether the unit or supervisord's program itself, or the person, names a
// directory of code or one above it: then nobody else led there.
func (facts *Facts) isManaged(directory string) bool {
	unit, _ := facts.TargetUnit()
	if unit.Owner != nil {
		return false
	}
	own := unit.Wrapped.Merge(unit.Settings)
	base := facts.WorkingDirectory()
	if program, ok := facts.Program(); ok && program.Section != nil {
		own = appserver.SettingsOf(program.Section.Words())
	}
	named := []string{base, facts.Options.AppDir, own.Chdir, unit.Shown["PYTHONPATH"]}
	return slices.ContainsFunc(append(named, own.PythonPath...), func(name string) bool {
		name = absolute(base, name)
		return path.IsAbs(name) && path.Clean(name) != "/" && sys.Within(name, directory)
	})
}

// namedBy says, for what is read below the service's code, who named the place.
func (facts *Facts) namedBy(ctx context.Context) context.Context {
	return sys.NamedBy(ctx, facts.Deployment.Value.NamedBy)
}
