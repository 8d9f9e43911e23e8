package fixes

import (
	"context"
	"io/fs"
	"reflect"
	"strings"
	"testing"
	"time"

	"flasktui/steps/report"
	"flasktui/sys"
	"flasktui/sys/proc"
)

// wholePlan has something in every part.
func wholePlan() Prepared {
	write := change(time.Second, "install", "/dev/stdin", "/etc/x.conf")
	write.Command.Stdin = []byte("Environment=A=1\n")
	write.Process = proc.ProcessID{PID: 7, StartTicks: 70}
	write.Settled = func(context.Context, sys.Machine) error { return nil }
	return planned(report.Plan{ID: "release-marker", Title: "Set", Effect: "It sets it.", Undo: "rm", Risk: report.MediumRisk}, write).
		dependingOn([]fileState{{"/etc/a.service", sys.FileInfo{Inode: 5}}}).
		from(&report.Origin{Sources: []report.Source{{Path: "/etc/a.service", Who: []string{"deploy"}}}, Changes: []report.KeyChange{{Key: "User", Now: "web"}}, Reader: "systemd"})
}

// planChanges changes one part each, by the name of the field.
func planChanges() map[string]func(*Prepared) {
	first := func(plan *Prepared) *sys.Command { return &plan.Run[0].Command }
	detail := func(change func(*report.CommandDetail)) func(*Prepared) {
		return func(plan *Prepared) { change(&plan.Details[0]) }
	}
	info := func(change func(*sys.FileInfo)) func(*Prepared) {
		return func(plan *Prepared) { change(&plan.dependsOn[0].info) }
	}
	return map[string]func(*Prepared){
		"Plan.ID":                func(plan *Prepared) { plan.ID = "restart" },
		"Plan.Title":             func(plan *Prepared) { plan.Title = "Unset" },
		"Plan.Service":           func(plan *Prepared) { plan.Service = "b.service" },
		"Plan.Commands":          func(plan *Prepared) { plan.Commands[0][2] = "/etc/y.conf" },
		"Plan.Details":           func(plan *Prepared) { plan.Details = nil },
		"Plan.Effect":            func(plan *Prepared) { plan.Effect = "It does not." },
		"Plan.Risk":              func(plan *Prepared) { plan.Risk += "er" },
		"Plan.Undo":              func(plan *Prepared) { plan.Undo = "none" },
		"Plan.Blocked":           func(plan *Prepared) { plan.Blocked = "no" },
		"Plan.WantsRights":       func(plan *Prepared) { plan.WantsRights = true },
		"Plan.Digest":            func(plan *Prepared) { plan.Digest = "x" },
		"Plan.Terminal":          func(plan *Prepared) { plan.Terminal = true },
		"Prepared.Run":           func(plan *Prepared) { plan.Run = append(plan.Run, change(0, "true")) },
		"Prepared.dependsOn":     func(plan *Prepared) { plan.dependsOn = nil },
		"Prepared.unshown":       func(plan *Prepared) { plan.unshown = "no" },
		"Prepared.Plan":          func(plan *Prepared) { plan.Plan = report.Plan{} },
		"Plan.Origin":            func(plan *Prepared) { plan.Origin = nil },
		"Origin.Sources":         func(plan *Prepared) { plan.Origin.Sources = nil },
		"Origin.Changes":         func(plan *Prepared) { plan.Origin.Changes = nil },
		"Origin.Uncompared":      func(plan *Prepared) { plan.Origin.Uncompared = []string{"x"} },
		"Origin.Reader":          func(plan *Prepared) { plan.Origin.Reader = "docker" },
		"Source.Path":            func(plan *Prepared) { plan.Origin.Sources[0].Path = "/etc/b.service" },
		"Source.Who":             func(plan *Prepared) { plan.Origin.Sources[0].Who = []string{"ada"} },
		"KeyChange.Key":          func(plan *Prepared) { plan.Origin.Changes[0].Key = "Group" },
		"KeyChange.Now":          func(plan *Prepared) { plan.Origin.Changes[0].Now = "app" },
		"KeyChange.Then":         func(plan *Prepared) { plan.Origin.Changes[0].Then = "root" },
		"KeyChange.Gives":        func(plan *Prepared) { plan.Origin.Changes[0].Gives = "more" },
		"Action.Process":         func(plan *Prepared) { plan.Run[0].Process.StartTicks++ },
		"Action.Failed":          func(plan *Prepared) { plan.Run[0].Failed = "it failed" },
		"Action.Command":         func(plan *Prepared) { plan.Run[0].Command = sys.Command{} },
		"Command.Argv":           func(plan *Prepared) { first(plan).Argv = []string{"install"} },
		"Command.Stdin":          func(plan *Prepared) { first(plan).Stdin = []byte("Environment=A=2\n") },
		"Command.Dir":            func(plan *Prepared) { first(plan).Dir = "/srv" },
		"Command.Elevate":        func(plan *Prepared) { first(plan).Elevate = !first(plan).Elevate },
		"Command.As":             func(plan *Prepared) { first(plan).As = &sys.Account{UID: 7} },
		"Command.Environment":    func(plan *Prepared) { first(plan).Environment = []string{"A=2"} },
		"Command.Changes":        func(plan *Prepared) { first(plan).Changes = false },
		"Command.Terminal":       func(plan *Prepared) { first(plan).Terminal = !first(plan).Terminal },
		"Command.Timeout":        func(plan *Prepared) { first(plan).Timeout++ },
		"Command.OutputLimit":    func(plan *Prepared) { first(plan).OutputLimit = 1 },
		"Command.Survive":        func(plan *Prepared) { first(plan).Survive = !first(plan).Survive },
		"fileState.path":         func(plan *Prepared) { plan.dependsOn[0].path = "/etc/b.service" },
		"fileState.info":         func(plan *Prepared) { plan.dependsOn[0].info = sys.FileInfo{} },
		"FileInfo.Mode":          info(func(info *sys.FileInfo) { info.Mode = fs.ModeSetuid }),
		"FileInfo.Size":          info(func(info *sys.FileInfo) { info.Size = 1 }),
		"FileInfo.UID":           info(func(info *sys.FileInfo) { info.UID = 1 }),
		"FileInfo.GID":           info(func(info *sys.FileInfo) { info.GID = 1 }),
		"FileInfo.Served":        info(func(info *sys.FileInfo) { info.Served = true }),
		"FileInfo.Device":        info(func(info *sys.FileInfo) { info.Device = 1 }),
		"FileInfo.Inode":         info(func(info *sys.FileInfo) { info.Inode = 6 }),
		"FileInfo.Modified":      info(func(info *sys.FileInfo) { info.Modified = time.Unix(1, 0) }),
		"FileInfo.Changed":       info(func(info *sys.FileInfo) { info.Changed = time.Unix(1, 0) }),
		"FileInfo.Born":          info(func(info *sys.FileInfo) { info.Born = time.Unix(1, 0) }),
		"CommandDetail.Elevated": detail(func(detail *report.CommandDetail) { detail.Elevated = false }),
		"CommandDetail.Directory": detail(func(detail *report.CommandDetail) {
			detail.Directory = "/srv"
		}),
		"CommandDetail.Input":    detail(func(detail *report.CommandDetail) { detail.Input = "Environment=A=2\n" }),
		"CommandDetail.Process":  detail(func(detail *report.CommandDetail) { detail.Process = &proc.ProcessID{PID: 8} }),
		"CommandDetail.Terminal": detail(func(detail *report.CommandDetail) { detail.Terminal = true }),
	}
}

// TestEveryPartOfAPlanIsCompared: no field can be added to what a plan is made of without a
// change of it being noticed. Functions alone are not compared.
func TestEveryPartOfAPlanIsCompared(t *testing.T) {
	t.Parallel()
	if !samePlan(wholePlan(), wholePlan()) {
		t.Fatal("a plan is not the same as itself")
	}
	changes := planChanges()
	for _, part := range []any{report.Plan{}, Prepared{}, Action{}, sys.Command{}, fileState{}, sys.FileInfo{}, report.CommandDetail{}, report.Origin{}, report.Source{}, report.KeyChange{}} {
		kind := reflect.TypeOf(part)
		for index := range kind.NumField() {
			if field := kind.Field(index); field.Type.Kind() != reflect.Func {
				if changes[kind.Name()+"."+field.Name] == nil {
					t.Errorf("no change of %s.%s is tried", kind.Name(), field.Name)
				}
			}
		}
	}
	for name, change := range changes {
		shown := wholePlan()
		change(&shown)
		if samePlan(shown, wholePlan()) {
			t.Errorf("a change of %s is not noticed", name)
		}
	}
}

// TestWhatLooksSecretIsNotWritten: what cannot be shown as it is written is not written.
func TestWhatLooksSecretIsNotWritten(t *testing.T) {
	t.Parallel()
	write := change(time.Second, "install", "/dev/stdin", "/etc/x.conf")
	write.Command.Stdin = []byte("Environment=PASSWORD=hunter2\n")
	plan := planned(report.Plan{}, write)
	if plan.unshown == "" || strings.Contains(string(plan.Details[0].Input), "hunter2") {
		t.Errorf("%q is shown, and it may run: %q", plan.Details[0].Input, plan.unshown)
	}
}
