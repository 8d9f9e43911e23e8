package facts

import (
	"context"
	"sync"

	"flasktui/sys/systemd"
)

// UnitStates is what systemd has loaded, as far as it takes to find a service.
type UnitStates struct {
	// Troubled are services that failed or are being started again and again: no
	// process tells of them.
	Troubled []string `json:"troubled"`
	// SearchPath are the directories in which systemd looks for units.
	SearchPath        []string `json:"search_path"`
	SearchPathProblem string   `json:"search_path_problem,omitempty"`
}

// readUnitStates asks what needs no knowledge of any service, while processes are read.
func (look *look) readUnitStates(ctx context.Context, known *Facts) func(*Facts) {
	const source = "systemctl list-units"
	states := UnitStates{Troubled: []string{}}
	var group sync.WaitGroup
	group.Go(func() {
		var err error
		if states.SearchPath, err = systemd.UnitSearchPath(ctx, look.machine); err != nil {
			states.SearchPathProblem = err.Error()
		}
	})
	var err error
	if known.Options.Service == "" {
		var services []systemd.UnitState
		services, err = systemd.ListServices(ctx, look.machine)
		for _, service := range services {
			if service.Troubled() {
				states.Troubled = append(states.Troubled, service.Name)
			}
		}
	}
	group.Wait()
	return func(facts *Facts) {
		facts.UnitStates = Of(states, source)
		if err != nil {
			facts.UnitStates = Unreadable[UnitStates](err.Error(), source)
			facts.UnitStates.Value = states
		}
	}
}
