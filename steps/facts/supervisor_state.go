package facts

import (
	"context"
	"maps"
	"slices"
	"strings"

	"flasktui/sys/proc"
	"flasktui/sys/supervisord"
)

// Troubled tells of a program whether supervisord may say why it does not answer: it does not
// run, or has ended by itself and was started again a moment ago.
func (program Supervised) Troubled() bool {
	return program.Refusal == "" && program.State != "" && (program.State != "RUNNING" || program.Exits > 0)
}

// readState keeps what a supervisord says of a program; of one that was started a moment ago,
// or does not run, also how often it has ended.
func (look *look) readState(ctx context.Context, one *Supervised, name string, status supervisord.Status) {
	one.State = status.States[name]
	if one.State == "" || one.State == "RUNNING" && !status.Fresh[name] {
		return
	}
	// A log that cannot be read leaves what the state says alone.
	one.Exits, _ = supervisord.ReadExits(ctx, look.machine, one.Config, name)
}

// readUnseen finds the programs of root's own supervisords that are to run a Gunicorn, and in
// which none was seen: it ends as it starts, or is about to come (G59). One that somebody
// stopped is none of them, unless it was named.
func (look *look) readUnseen(ctx context.Context, known *Facts, seen []Supervised) []Supervised {
	var unseen []Supervised
	named := known.Options.Service
	if slices.ContainsFunc(seen, func(one Supervised) bool { return programPrefix+one.Program == named }) {
		return nil
	}
	for _, pid := range slices.Sorted(maps.Keys(known.Processes.Value.pythons)) {
		if !supervisord.IsSupervisord(known.Processes.Value.pythons[pid]) {
			continue
		}
		supervisor, err := proc.ReadProcess(ctx, look.machine, look.boot, pid)
		if err != nil || supervisor.Cgroup.Container != "" {
			continue
		}
		base := Supervised{Supervisor: pid, Unit: supervisor.Cgroup.Unit}
		if named != "" && !strings.HasPrefix(named, programPrefix) && UnitName(named) != base.Unit {
			continue
		}
		if base.Config, err = supervisord.ConfigPath(ctx, look.machine, supervisor.Argv); err != nil {
			continue
		}
		if look.checkTrust(ctx, &base, supervisor); base.Refusal != "" {
			continue
		}
		for _, one := range look.readIdle(ctx, base, supervisor.Argv, named) {
			if !slices.ContainsFunc(seen, func(other Supervised) bool { return other.Program == one.Program }) {
				unseen = append(unseen, one)
			}
		}
	}
	return unseen
}

// readIdle are the programs of one supervisord that it would run a Gunicorn in.
func (look *look) readIdle(ctx context.Context, base Supervised, argv []string, named string) []Supervised {
	status, err := supervisord.ReadStatus(ctx, look.machine, base.Config)
	if err != nil {
		return nil
	}
	var idle []Supervised
	for _, name := range status.Names {
		one := base
		one.Program = name
		wanted := named == programPrefix+name
		switch state := status.States[name]; {
		case state == "STARTING", state == "BACKOFF", state == "FATAL", state == "RUNNING" && status.Fresh[name]:
		case state == "RUNNING" || !wanted:
			// One that runs is something else than a Gunicorn, or went out of sight meanwhile.
			continue
		}
		look.readProgram(ctx, &one, Gunicorn{}, argv)
		one.Config = base.Config
		if one.Section == nil || !one.Section.Gunicorn && !wanted {
			continue
		}
		look.readState(ctx, &one, name, status)
		idle = append(idle, one)
	}
	return idle
}
