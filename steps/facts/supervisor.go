package facts

import (
	"context"
	"errors"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"flasktui/sys"
	"flasktui/sys/appserver"
	"flasktui/sys/gunicorn"
	"flasktui/sys/proc"
	"flasktui/sys/supervisord"
)

// Supervised is a server that supervisord started (G23): systemd knows nothing of it
// but that supervisord runs.
type Supervised struct {
	// Master is the Gunicorn's process id, Supervisor that of supervisord.
	Master     int `json:"master"`
	Supervisor int `json:"supervisor"`
	// Program is its name to supervisorctl: NAME or GROUP:NAME.
	Program string `json:"program"`
	// Config is supervisord's configuration file, without links where commands may be
	// given by it; ConfigProblem is why it could not be read.
	Config        string   `json:"config"`
	ConfigProblem sys.Text `json:"config_problem,omitempty"`
	// Refusal is why no command may be given to that supervisord with root's rights;
	// empty where one may.
	Refusal string `json:"refusal,omitempty"`
	// Section is what that says of the program now; nil where it names none such.
	Section *ProgramSection `json:"section"`
	// State is supervisord's own word for how it does; empty where it was not asked.
	State string `json:"state,omitempty"`
	// Exits is how often it has ended by itself since somebody stopped it, of a program that
	// was started a moment ago or does not run.
	Exits int `json:"exits,omitempty"`
	// Unit is supervisord's own unit, of a program in which no server runs.
	Unit string `json:"unit,omitempty"`
}

// ProgramSection is a program as supervisord's files have it.
type ProgramSection struct {
	supervisord.Program
	Info        sys.FileInfo `json:"info"`
	CommandLine []sys.Text   `json:"command_line"`
	// Serves says that the command is a server's own, not that of a script around it.
	Serves   bool              `json:"gunicorn,omitempty"`
	Settings gunicorn.Settings `json:"settings"`
	// Prints are fingerprints of what it adds to the environment.
	Prints map[string]string `json:"prints"`
}

// Words are the command's, with secrets masked.
func (section ProgramSection) Words() []string {
	words := make([]string, len(section.CommandLine))
	for index, word := range section.CommandLine {
		words[index] = string(word)
	}
	return words
}

// programPrefix begins the name of a service that is a program of supervisord's.
const programPrefix = "supervisor:"

// GroupSupervised is what supervisord runs of it.
func GroupSupervised() Group {
	return Group{
		name: "supervised", words: "supervisord's programs",
		needs:  []func() Group{GroupProcesses},
		read:   (*look).readSupervised,
		fields: []field{fieldOf("supervisord's configuration", func(facts *Facts) *Fact[[]Supervised] { return &facts.Supervised })},
	}
}

// readSupervised finds who of the Gunicorns was started by supervisord, and by which name
// it knows them.
func (look *look) readSupervised(ctx context.Context, known *Facts) func(*Facts) {
	supervised := []Supervised{}
	for _, server := range known.Processes.Value.Servers {
		if server.Replaces != 0 || server.Master.Cgroup.Container != "" {
			continue
		}
		supervisor, child, found := look.supervisorOf(ctx, server.Master.Process)
		if !found {
			continue
		}
		one := Supervised{Master: server.Master.PID, Supervisor: supervisor.PID, Program: programName(server.Master.Shown)}
		look.readProgram(ctx, &one, server, supervisor.Argv)
		if one.Config != "" {
			look.checkTrust(ctx, &one, supervisor)
		}
		if one.Config != "" && one.Refusal == "" {
			look.settleProgram(ctx, &one, server, supervisor, child)
		}
		if one.Section == nil && one.Refusal == "" {
			one.Refusal = "no section of the program was found in supervisord's files"
		}
		if one.Program != "" {
			supervised = append(supervised, one)
		}
	}
	supervised = append(supervised, look.readUnseen(ctx, known, supervised)...)
	supervised = withoutNamesakes(supervised)
	return func(facts *Facts) { facts.Supervised = Of(supervised, "/proc/PID and supervisord's configuration") }
}

// supervisorOf looks for supervisord among the parents of a process: between the two may
// stand a script that starts Gunicorn. child is what supervisord itself has started.
func (look *look) supervisorOf(ctx context.Context, process proc.Process) (supervisor proc.Process, child int, found bool) {
	const furthest = 5
	for range furthest {
		if process.PPID <= 1 {
			break
		}
		parent, err := proc.ReadProcess(ctx, look.machine, look.boot, process.PPID)
		if err != nil {
			break
		}
		if supervisord.IsSupervisord(parent.Argv) {
			return parent, process.PID, true
		}
		process = parent
	}
	return proc.Process{}, 0, false
}

// checkTrust tells a supervisord of root's own from one that anybody may have started: what
// supervisorctl reads from the configuration it may also run, so that another user's must
// not be given to root's supervisorctl.
func (look *look) checkTrust(ctx context.Context, one *Supervised, supervisor proc.Process) {
	resolved, err := supervisord.TrustedConfiguration(ctx, look.machine, supervisor, one.Config)
	if err != nil {
		one.Refusal = string(sys.ErrorText(err))
		return
	}
	one.Config = resolved
}

// settleProgram asks a supervisord that is believed which of its programs a process is. The
// name in the process's environment is its own word: an app could give that of another
// program, which a fix would then restart in its place. Where supervisord cannot be asked,
// the name has to be that of the only section which starts what the process shows.
func (look *look) settleProgram(ctx context.Context, one *Supervised, server Server, supervisor proc.Process, child int) {
	config, claimed := one.Config, one.Program
	status, err := supervisord.ReadStatus(ctx, look.machine, config)
	name := status.Processes[child]
	if err == nil && name == "" && slices.Contains(status.Names, claimed) {
		var pid int
		if pid, err = supervisord.PID(ctx, look.machine, config, claimed); pid == child {
			name = claimed
		}
	}
	if _, gone := look.machine.Stat(ctx, proc.Path(child, "stat")); err == nil && name == "" && errors.Is(gone, fs.ErrNotExist) {
		// It ended between the two looks, and whatever supervisord has started since is not it.
		one.Program = ""
		return
	}
	if err == nil && name == "" {
		one.Refusal = "supervisord says of none of its programs that it is this process"
		return
	}
	look.readState(ctx, one, name, status)
	one.Program, one.Section = name, nil
	look.readProgram(ctx, one, server, supervisor.Argv)
	one.Config = config
	if err != nil && (one.Program == "" || claimed != "" && claimed != one.Program) {
		one.Program = claimed
		one.Refusal = string(sys.Textf("which of its programs this process is could not be told: %s", err))
	}
}

// withoutNamesakes leaves out what calls itself like a program of a supervisord that is
// believed: any user may start one, and name its programs as they like.
func withoutNamesakes(supervised []Supervised) []Supervised {
	trusted := map[string]bool{}
	for _, one := range supervised {
		if one.Refusal == "" {
			trusted[one.Program] = true
		}
	}
	return slices.DeleteFunc(supervised, func(one Supervised) bool { return one.Refusal != "" && trusted[one.Program] })
}

// programName is what supervisord tells a process of itself.
func programName(shown map[string]string) string {
	plain := regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_.-]*$`)
	group, name := shown["SUPERVISOR_GROUP_NAME"], shown["SUPERVISOR_PROCESS_NAME"]
	if !plain.MatchString(name) || group != "" && !plain.MatchString(group) {
		return ""
	}
	if group == "" || group == name {
		return name
	}
	return group + ":" + name
}

// readProgram finds the section of a program in supervisord's files: by its name, or,
// where the process's environment could not be read, by what the process shows.
func (look *look) readProgram(ctx context.Context, one *Supervised, running Server, argv []string) {
	config, err := supervisord.ConfigPath(ctx, look.machine, argv)
	if err != nil {
		one.ConfigProblem = sys.ErrorText(err)
		return
	}
	one.Config = config
	programs, err := supervisord.ReadPrograms(ctx, look.machine, config)
	if err != nil {
		one.ConfigProblem = sys.ErrorText(err)
		return
	}
	_, name, grouped := strings.Cut(one.Program, ":")
	if !grouped {
		name = one.Program
	}
	if name == "" {
		fitting := slices.DeleteFunc(slices.Clone(programs), func(program supervisord.Program) bool {
			return !look.starts(ctx, program, running)
		})
		if len(fitting) != 1 {
			return
		}
		name = fitting[0].Name
		one.Program = name
	}
	at := slices.IndexFunc(programs, func(program supervisord.Program) bool { return program.Name == name })
	if at < 0 {
		return
	}
	section := ProgramSection{Program: programs[at], CommandLine: sys.RedactArgv(programs[at].Command)}
	if resolved, err := look.machine.Resolve(ctx, section.File); err == nil {
		section.Info, _ = look.machine.Stat(ctx, resolved)
	}
	_, section.Serves = appserver.Of(section.Command)
	section.Settings = appserver.SettingsOf(section.Command)
	if gunicorn.IsGunicorn(section.Command) {
		section.Settings = commandArguments(section.Environment).Merge(section.Settings)
	}
	section.Prints, _ = look.reduce(section.Environment)
	one.Section = &section
}

// starts tells whether a program would start what a server shows: its app, where it
// stands, and, unless a title hides them, the rest of its arguments.
func (look *look) starts(ctx context.Context, program supervisord.Program, running Server) bool {
	settings := appserver.SettingsOf(program.Command)
	if settings.App == "" || settings.App != running.Settings.App {
		return false
	}
	if program.Directory != "" && running.Master.Directory != "" {
		resolved, err := look.machine.Resolve(ctx, program.Directory)
		if err != nil || resolved != path.Clean(running.Master.Directory) || running.Master.DirectoryDeleted {
			return false
		}
	}
	return running.Master.Titled || slices.Equal(settings.Bind, running.Settings.Bind)
}

// SupervisedBy is what is known of a server that supervisord started.
func (facts *Facts) SupervisedBy(server Server) (Supervised, bool) {
	for _, one := range facts.Supervised.Value {
		if one.Master != 0 && (one.Master == server.Master.PID || one.Master == server.Replaces) {
			return one, true
		}
	}
	return Supervised{}, false
}

// Program is the examined service, where supervisord runs it.
func (facts *Facts) Program() (Supervised, bool) {
	for _, one := range facts.Supervised.Value {
		if facts.Target.Program != "" && one.Program == facts.Target.Program {
			return one, true
		}
	}
	return Supervised{}, false
}

// WorkingDirectory is where the unit, or supervisord's program, starts its processes, as
// it is written there; empty where that says nothing.
func (facts *Facts) WorkingDirectory() string {
	if program, ok := facts.Program(); ok && program.Section != nil {
		return program.Section.Directory
	}
	unit, _ := facts.TargetUnit()
	return unit.WorkingDirectory
}

// programServices are the names of the programs in which a server runs, those of one
// unit or of all.
func (facts *Facts) programServices(unit string) []string {
	var services []string
	for _, server := range facts.Processes.Value.Servers {
		one, ok := facts.SupervisedBy(server)
		if name := programPrefix + one.Program; ok && facts.IsService(server) && (unit == "" || server.Master.Cgroup.Unit == unit) && !slices.Contains(services, name) {
			services = append(services, name)
		}
	}
	for _, one := range facts.Supervised.Value {
		if name := programPrefix + one.Program; one.Master == 0 && (unit == "" || one.Unit == unit) && !slices.Contains(services, name) {
			services = append(services, name)
		}
	}
	return services
}

// isRoots tells root's own program from one that only bears its name. Whoever may not look
// at what root executes has the user ids alone to go by, and no rights that could be led.
func (look *look) isRoots(ctx context.Context, process proc.Process) bool {
	if !process.OwnedBy(0) {
		return false
	}
	err := proc.RootsProgram(ctx, look.machine, process)
	return err == nil || errors.Is(err, fs.ErrPermission)
}

// genuine leaves out what anybody on the box may call an Nginx: where a master runs as
// root, only root's are masters, and workers are their children (or, of a master that is
// gone, run as the same user as those).
func genuine(processes []NginxProcess, isRoots func(proc.Process) bool) []NginxProcess {
	masters, users := map[int]bool{}, map[int]bool{}
	for _, process := range processes {
		if process.Role == "master" && isRoots(process.Process) {
			masters[process.PID] = true
		}
	}
	if len(masters) == 0 {
		return processes
	}
	for _, process := range processes {
		if masters[process.PPID] {
			users[process.UID] = true
		}
	}
	return slices.DeleteFunc(processes, func(process NginxProcess) bool {
		orphan := process.Role != "master" && process.PPID == 1 && users[process.UID]
		return !masters[process.PID] && !masters[process.PPID] && !orphan
	})
}
