package facts

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"flasktui/sys"
)

// Target is the service that is examined.
type Target struct {
	// Service is what the person would call it: "shop.service",
	// "user:NAME/UNIT", "compose:PROJECT/SERVICE", "docker:CONTAINER", "podman:CONTAINER", "swarm:SERVICE", "supervisor:PROGRAM", "wsgi:SCRIPT" or "pid:N".
	Service string `json:"service"`
	// Unit is the systemd unit; empty for a container or a bare process.
	Unit string `json:"unit,omitempty"`
	// UserUnit is the service's name where a user's own service manager has it.
	UserUnit string `json:"user_unit,omitempty"`
	// Around is the unit whose commands make and end the container that is the service.
	Around string `json:"around,omitempty"`
	// Container is the identity of the container, for a Compose service.
	Container string `json:"container,omitempty"`
	// Program is the name by which supervisord knows the service, where it runs it.
	Program string `json:"program,omitempty"`
	// Script is the app's WSGI script, of an Apache that has several.
	Script string `json:"script,omitempty"`
	// PID is the master of a server that nothing manages; 0 for a service that something
	// does.
	PID int `json:"pid,omitempty"`
	// Untraced is why it is not known whether this is who answers the URL that was given;
	// empty where it is known, or was not asked.
	Untraced sys.Text `json:"untraced,omitempty"`
	// Master is the process id of the service's own server master; 0 for none.
	Master int `json:"master,omitempty"`
	// Named says that the person named it.
	Named bool `json:"named,omitempty"`
}

// TargetError means that there is no telling what to examine.
type TargetError struct {
	Problem sys.Text
	Hint    sys.Text
	// Services are the candidates, where there are several; About says of each what it is.
	Services []string
	About    map[string]sys.Text
	nothing  bool // no service at all was found
}

func (e *TargetError) Error() string {
	if len(e.Services) == 0 {
		return string(e.Problem)
	}
	listed := make([]string, len(e.Services))
	for index, service := range e.Services {
		listed[index] = service
		if about := e.About[service]; about != "" {
			listed[index] += " (" + string(about) + ")"
		}
	}
	return fmt.Sprintf("%s: %s", e.Problem, strings.Join(listed, ", "))
}

// UnitName completes a unit name as systemctl does.
func UnitName(service string) string {
	for _, prefix := range []string{composePrefix, dockerPrefix, podmanPrefix, swarmPrefix, programPrefix, processPrefix, userPrefix, wsgiPrefix} {
		if service == "" || strings.HasPrefix(service, prefix) {
			return ""
		}
	}
	for _, suffix := range []string{".service", ".socket", ".scope"} {
		if strings.HasSuffix(service, suffix) {
			return service
		}
	}
	return service + ".service"
}

const (
	composePrefix = "compose:"
	// dockerPrefix begins the name of a container that no Compose project has.
	dockerPrefix = "docker:"
	// podmanPrefix begins the name of a container that Podman runs.
	podmanPrefix = "podman:"
	// swarmPrefix begins the name of a service of a swarm.
	swarmPrefix = "swarm:"
	// processPrefix begins the name of a server that nothing manages.
	processPrefix = "pid:"
)

// chooseTarget decides, from what runs and what is loaded, which service is meant.
func chooseTarget(facts *Facts) (Target, error) {
	options := facts.Options
	if IsContainerName(options.Service) {
		return chooseContainer(facts)
	}
	if strings.HasPrefix(options.Service, programPrefix) {
		return chooseProgram(facts)
	}
	if name := UnitName(options.Service); name != "" {
		return chooseNamedUnit(facts, name)
	}
	if strings.HasPrefix(options.Service, processPrefix) {
		return chooseProcess(facts)
	}
	if strings.HasPrefix(options.Service, userPrefix) {
		return chooseUserUnit(facts)
	}
	if strings.HasPrefix(options.Service, wsgiPrefix) {
		return chooseScript(facts)
	}
	if options.URL != "" {
		return chooseBehindURL(facts)
	}
	return chooseCandidate(facts)
}

// IsContainerName tells the name of a service that runs in a container.
func IsContainerName(service string) bool {
	return slices.ContainsFunc([]string{composePrefix, dockerPrefix, podmanPrefix, swarmPrefix}, func(prefix string) bool { return strings.HasPrefix(service, prefix) })
}

// chooseCandidate takes the one service that there is.
func chooseCandidate(facts *Facts) (Target, error) {
	services := facts.ofComposeFile(candidateServices(facts))
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
		Services: services, About: facts.about(services),
	}
}

func targetFor(facts *Facts, service string) Target {
	if IsContainerName(service) {
		container, _ := containerOf(facts, service)
		return Target{Service: service, Container: container.Identity()}
	}
	if unit, ok := facts.UnitNamed(service); ok {
		if container, around := facts.containerIn(unit); around {
			return Target{Service: service, Around: unit.Name, Container: container.Identity()}
		}
	}
	if target, ok := facts.targetOfScript(service); ok {
		return target
	}
	if program, ok := strings.CutPrefix(service, programPrefix); ok {
		return Target{Service: service, Program: program}
	}
	if strings.HasPrefix(service, userPrefix) {
		return Target{Service: service, UserUnit: service}
	}
	if number, ok := strings.CutPrefix(service, processPrefix); ok {
		pid, err := strconv.Atoi(number)
		if err == nil {
			return Target{Service: service, PID: pid}
		}
	}
	return Target{Service: service, Unit: service}
}

// chooseProcess takes a server by its number: that of the master, or of a worker. One that
// something manages is that service.
func chooseProcess(facts *Facts) (Target, error) {
	wanted := facts.Options.Service
	if pid, err := strconv.Atoi(strings.TrimPrefix(wanted, processPrefix)); err == nil {
		if target, found := targetOfProcess(facts, pid); found {
			return target, nil
		}
	}
	return Target{}, &TargetError{
		Problem:  sys.Textf("no server of Python apps runs on this box as process %s", strings.TrimPrefix(wanted, processPrefix)),
		Hint:     "leave the service out to have flasktui look for what runs",
		Services: candidateServices(facts),
	}
}

// targetOfProcess is the service that a process is of.
func targetOfProcess(facts *Facts, pid int) (target Target, found bool) {
	for _, server := range facts.Processes.Value.Servers {
		if service := facts.ServiceOf(server); server.has(pid) && service != "" {
			target = targetFor(facts, service)
			target.Named = true
			return target, true
		}
	}
	return Target{}, false
}

func chooseProgram(facts *Facts) (Target, error) {
	wanted := facts.Options.Service
	services := facts.programServices("")
	if slices.Contains(services, wanted) {
		target := targetFor(facts, wanted)
		target.Named = true
		return target, nil
	}
	problem := sys.Textf("no server is seen to run on this box as supervisord's program %s", strings.TrimPrefix(wanted, programPrefix))
	if !facts.Supervised.Known {
		problem = sys.Textf("%s: %s", wanted, facts.Supervised.Problem)
	}
	return Target{}, &TargetError{
		Problem: problem, Services: services,
		Hint: "`sudo supervisorctl status` lists the programs and their state",
	}
}

func chooseNamedUnit(facts *Facts, name string) (Target, error) {
	for _, unit := range facts.Units.Value {
		// systemd goes on with a unit that runs when its file is removed.
		exists := unit.LoadState != "not-found" || unit.MainPID != 0
		if exists && (unit.Name == name || slices.Contains(unit.Aliases, name)) {
			if programs := facts.programServices(unit.Name); len(programs) > 0 {
				return chooseFrom(facts, programs, sys.Textf("%s is supervisord, which runs several Flask services", unit.Name))
			}
			if apps := facts.wsgiServices(unit.Name); len(apps) > 0 {
				return chooseFrom(facts, apps, sys.Textf("%s runs several Python apps", unit.Name))
			}
			if held := facts.heldBy(unit); len(held) > 0 && !unit.Serves && !unit.isStarting() {
				return Target{}, &TargetError{
					Problem: sys.Textf("a server is in the control group of %s, and nothing shows that the unit runs it: its ExecStart is not seen to lead there, or its stop would not end it", unit.Name),
					Hint:    sys.Textf("look at the process itself: flasktui check %s", held[0]), Services: held,
				}
			}
			if services := facts.servicesBy(unit); len(services) > 0 {
				return chooseFrom(facts, services, sys.Textf("%s brings up a Compose project with several Flask services", unit.Name))
			}
			target := targetFor(facts, unit.Name)
			target.Named = true
			return target, nil
		}
	}
	if !facts.Units.Known {
		return Target{}, &TargetError{
			Problem: sys.Textf("%s: systemd could not be asked: %s", name, facts.Units.Problem),
			Hint:    "leave the service out to have flasktui look for what runs",
		}
	}
	hint := sys.Text("no service with a server of Python apps was found on this box; `systemctl list-units --type=service` lists them all")
	if services := candidateServices(facts); len(services) > 0 {
		return Target{}, &TargetError{
			Problem:  sys.Textf("there is no unit %s among the services of this box", name),
			Hint:     sys.Textf("name the one that you mean, for example: flasktui check %s", services[0]),
			Services: services, About: facts.about(services),
		}
	}
	return Target{}, &TargetError{Problem: sys.Textf("there is no unit %s on this box", name), Hint: hint}
}

// chooseContainer takes the container that was named.
func chooseContainer(facts *Facts) (Target, error) {
	wanted := facts.Options.Service
	if container, ok := containerOf(facts, wanted); ok {
		if unit, around := facts.unitAround(container); around {
			return Target{Service: unit.Name, Around: unit.Name, Container: container.Identity(), Named: true}, nil
		}
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
		refusal := &TargetError{Problem: sys.Textf("%s: Docker could not be asked: %s", wanted, facts.Containers.Problem)}
		switch {
		case facts.Containers.Why == WhyTimedOut:
			refusal.Hint = "give it longer with --timeout"
		case facts.Containers.Why == WhyDenied && facts.Host.Value.Privilege != sys.PrivilegeRoot:
			refusal.Hint = "run flasktui as a user who may use Docker, or with sudo"
		}
		return Target{}, refusal
	}
	refusal := &TargetError{
		Problem: sys.Textf("there is no container of %s on this box", wanted),
		Hint:    "`docker compose ls` and `docker ps` list the projects and containers; of a project that was taken down, name the file with --compose-file",
	}
	if strings.HasPrefix(wanted, podmanPrefix) {
		refusal.Hint = "`sudo podman ps -a` lists root's containers, and `podman ps -a` a user's own; flasktui sees those of whom has run any since the machine was started"
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
