package facts

import (
	"context"
	"time"

	"flasktui/sys"
	"flasktui/sys/docker"
	"flasktui/sys/supervisord"
	"flasktui/sys/systemd"
)

// journalLines is how much of the log is read: enough for one Python traceback.
const journalLines = 60

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
		lines, err := docker.ReadContainerLog(ctx, look.machine, container, journalLines)
		return func(facts *Facts) {
			facts.Journal = Of(lines, "docker logs "+container.Name)
			if err != nil {
				facts.Journal = unreadableFor[[]sys.Text](err, "docker logs "+container.Name)
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
	lines, err := systemd.ReadJournal(ctx, look.machine, unit.Name, time.Time{}, journalLines)
	return func(facts *Facts) {
		if err != nil {
			facts.Journal = unreadableFor[[]sys.Text](err, "journalctl")
			return
		}
		facts.Journal = Of(lines, "journalctl -u "+unit.Name)
	}
}
