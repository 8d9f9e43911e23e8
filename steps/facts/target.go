package facts

import (
	"fmt"
	"slices"
	"strings"

	"flasktui/sys"
)

// Target is the service that is examined.
type Target struct {
	// Service is what the person would call it: "shop.service" or
	// "compose:PROJECT/SERVICE".
	Service string `json:"service"`
	// Unit is the systemd unit; empty for a container or a bare process.
	Unit string `json:"unit,omitempty"`
	// Container is the identity of the container, for a Compose service.
	Container string `json:"container,omitempty"`
	// Program is the name by which supervisord knows the service, where it runs it.
	Program string `json:"program,omitempty"`
	// Master is the process id of the service's own Gunicorn master; 0 for none.
	Master int `json:"master,omitempty"`
	// Named says that the person named it.
	Named bool `json:"named,omitempty"`
}

// TargetError means that there is no telling what to examine.
type TargetError struct {
	Problem sys.Text
	Hint    sys.Text
	// Services are the candidates, where there are several.
	Services []string
}

func (e *TargetError) Error() string {
	if len(e.Services) == 0 {
		return string(e.Problem)
	}
	return fmt.Sprintf("%s: %s", e.Problem, strings.Join(e.Services, ", "))
}

// UnitName completes a unit name as systemctl does.
func UnitName(service string) string {
	if service == "" || strings.HasPrefix(service, composePrefix) || strings.HasPrefix(service, programPrefix) {
		return ""
	}
	for _, suffix := range []string{".service", ".socket", ".scope"} {
		if strings.HasSuffix(service, suffix) {
			return service
		}
	}
	return service + ".service"
}

const composePrefix = "compose:"

// chooseTarget decides, from what runs and what is loaded, which service is meant.
func chooseTarget(facts *Facts) (Target, error) {
	options := facts.Options
	if strings.HasPrefix(options.Service, composePrefix) {
		return chooseContainer(facts)
	}
	if strings.HasPrefix(options.Service, programPrefix) {
		return chooseProgram(facts)
	}
	if name := UnitName(options.Service); name != "" {
		return chooseNamedUnit(facts, name)
	}
	services := facts.ofComposeFile(candidateServices(facts))
	if len(services) > 1 && options.URL != "" {
		if chosen := serviceBehindURL(facts, services); chosen != "" {
			services = []string{chosen}
		}
	}
	if len(services) == 0 {
		return Target{}, nothingFound(facts)
	}
	return chooseFrom(facts, services, "several Flask services run on this box")
}

// chooseFrom takes the only one, or asks which is meant.
func chooseFrom(facts *Facts, services []string, several sys.Text) (Target, error) {
	if len(services) == 1 {
		return targetFor(facts, services[0]), nil
	}
	return Target{}, &TargetError{
		Problem:  several,
		Hint:     sys.Textf("name the one that you mean, for example: flasktui check %s", services[0]),
		Services: services,
	}
}

func targetFor(facts *Facts, service string) Target {
	if strings.HasPrefix(service, composePrefix) {
		container, _ := containerOf(facts, service)
		return Target{Service: service, Container: container.Identity()}
	}
	if program, ok := strings.CutPrefix(service, programPrefix); ok {
		return Target{Service: service, Program: program}
	}
	return Target{Service: service, Unit: service}
}

func chooseProgram(facts *Facts) (Target, error) {
	wanted := facts.Options.Service
	services := facts.programServices("")
	if slices.Contains(services, wanted) {
		target := targetFor(facts, wanted)
		target.Named = true
		return target, nil
	}
	problem := sys.Textf("no Gunicorn runs on this box as supervisord's program %s", strings.TrimPrefix(wanted, programPrefix))
	if !facts.Supervised.Known {
		problem = sys.Textf("%s: %s", wanted, facts.Supervised.Problem)
	}
	return Target{}, &TargetError{
		Problem: problem, Services: services,
		Hint: "`sudo supervisorctl status` lists the programs and says how they do",
	}
}

func chooseNamedUnit(facts *Facts, name string) (Target, error) {
	for _, unit := range facts.Units.Value {
		if (unit.Name == name || slices.Contains(unit.Aliases, name)) && unit.LoadState != "not-found" {
			if programs := facts.programServices(unit.Name); len(programs) > 0 {
				return chooseFrom(facts, programs, sys.Textf("%s is supervisord, which runs several Flask services", unit.Name))
			}
			return Target{Service: unit.Name, Unit: unit.Name, Named: true}, nil
		}
	}
	if !facts.Units.Known {
		return Target{}, &TargetError{
			Problem: sys.Textf("%s: systemd could not be asked: %s", name, facts.Units.Problem),
			Hint:    "leave the service out to have flasktui look for running Gunicorn processes",
		}
	}
	hint := sys.Text("no Gunicorn service was found on this box; `systemctl list-units --type=service` lists them all")
	if services := candidateServices(facts); len(services) > 0 {
		hint = sys.Textf("Gunicorn services on this box: %s", strings.Join(services, ", "))
	}
	return Target{}, &TargetError{Problem: sys.Textf("there is no unit %s on this box", name), Hint: hint}
}

func chooseContainer(facts *Facts) (Target, error) {
	wanted := facts.Options.Service
	if container, ok := containerOf(facts, wanted); ok {
		return Target{Service: facts.ServiceName(container), Container: container.Identity(), Named: true}, nil
	}
	var others []string
	for _, container := range facts.Containers.Value {
		if composeName(container) == wanted {
			others = append(others, facts.ServiceName(container))
		}
	}
	if len(others) > 0 {
		slices.Sort(others)
		return Target{}, &TargetError{
			Problem:  sys.Textf("there is no %s of the box's own Docker", wanted),
			Hint:     sys.Textf("a user's own Docker has one of that name: flasktui check %s", others[0]),
			Services: slices.Compact(others),
		}
	}
	if facts.Containers.Problem != "" {
		return Target{}, &TargetError{
			Problem: sys.Textf("%s: Docker could not be asked: %s", wanted, facts.Containers.Problem),
			Hint:    "run flasktui as a user who may use Docker, or with sudo",
		}
	}
	refusal := &TargetError{
		Problem: sys.Textf("there is no container of %s on this box", wanted),
		Hint:    "`docker compose ls` and `docker ps` list the projects and containers; of a project that was taken down, name the file with --compose-file",
	}
	if facts.AbsentProblem != "" {
		refusal.Problem += sys.Textf(", and its files could not be read: %s", facts.AbsentProblem)
	}
	return Target{}, refusal
}

// ofComposeFile leaves, of several services, those of the Compose file that was named.
func (facts *Facts) ofComposeFile(services []string) []string {
	var own []string
	for _, service := range services {
		container, ok := containerOf(facts, service)
		if ok && facts.Options.ComposeFile != "" && slices.Contains(container.ConfigFiles, facts.Options.ComposeFile) {
			own = append(own, service)
		}
	}
	if len(own) == 0 {
		return services
	}
	return own
}

// candidateServices are the services on this box that run, or are meant to run, Gunicorn.
// Units that are merely there (never started, not failed) count only when nothing else
// does.
func candidateServices(facts *Facts) []string {
	var idle []string
	live := facts.programServices("")
	for _, unit := range facts.Units.Value {
		switch {
		case !unit.Gunicorn, len(facts.programServices(unit.Name)) > 0:
		case unit.ActiveState == "inactive":
			idle = append(idle, unit.Name)
		default:
			live = append(live, unit.Name)
		}
	}
	own, idleOwn, others := facts.containerServices()
	live, idle = append(live, own...), append(idle, idleOwn...)
	if len(live) == 0 {
		live = idle
	}
	if len(live) == 0 {
		live = others
	}
	slices.Sort(live)
	return slices.Compact(live)
}

// containerServices are the Compose services that run, or are meant to run, Gunicorn, and
// those that were stopped in order; others are the ones of other users' own daemons: what
// somebody starts for themselves makes it no less clear which service the box's is.
func (facts *Facts) containerServices() (live, idle, others []string) {
	for _, container := range facts.Containers.Value {
		name := facts.ServiceName(container)
		meant := container.Gunicorn && container.PID == 0
		switch {
		case name == "", !meant && !facts.runsGunicorn(container):
		case facts.foreign(container):
			others = append(others, name)
		case meant && container.State == "exited" && container.ExitCode == 0:
			idle = append(idle, name)
		default:
			// It runs, was made and not started, or is started again and again.
			live = append(live, name)
		}
	}
	return live, idle, others
}

// runsGunicorn tells whether a Gunicorn was seen in a container.
func (facts *Facts) runsGunicorn(container sys.Container) bool {
	return slices.ContainsFunc(facts.Processes.Value.Gunicorns, func(gunicorn Gunicorn) bool {
		return gunicorn.Master.Cgroup.Container == container.Identity()
	})
}

func nothingFound(facts *Facts) error {
	if !facts.Processes.Known {
		return &TargetError{
			Problem: sys.Textf("no Flask service was found: %s", facts.Processes.Problem),
			Hint:    "flasktui looks at Linux boxes; try `flasktui practice` anywhere else",
		}
	}
	if len(facts.Processes.Value.Gunicorns) > 0 {
		return &TargetError{
			Problem: sys.Textf("Gunicorn runs here as process %d, but under no systemd service and no Compose service",
				facts.Processes.Value.Gunicorns[0].Master.PID),
			Hint: "name the unit that ought to run it: flasktui check UNIT",
		}
	}
	return &TargetError{
		Problem: "no Flask service was found: no Gunicorn process runs, no loaded unit starts one, and no Compose service holds one",
		Hint:    "name the unit (flasktui check UNIT), or look around on the practice box: flasktui practice",
	}
}
