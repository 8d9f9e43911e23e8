package steps

import "flasktui/sys"

// judgeDaemonReload: the unit on disk against the one that systemd holds, and the process
// against both.
func judgeDaemonReload(v *view) Result {
	if program, ok := v.Program(); ok {
		return v.judgeProgram(program)
	}
	if !v.hasUnit {
		return v.noUnit()
	}
	commands := []sys.Text{
		typed("systemctl show -p NeedDaemonReload,FragmentPath,DropInPaths %s", v.unit.Name),
	}
	lines := []Evidence{evidence("NeedDaemonReload", yesNo(v.unit.NeedsReload), typed("systemctl show %s", v.unit.Name))}
	if v.unit.FragmentPath != "" {
		lines = append(lines, evidence("unit file", sys.Textf("%s", v.unit.FragmentPath), typed("systemctl show %s", v.unit.Name)))
	}
	for _, dropIn := range v.unit.DropInPaths {
		lines = append(lines, evidence("drop-in", sys.Textf("%s", dropIn), typed("systemctl show %s", v.unit.Name)))
	}
	if !v.UnitFiles.Known {
		return unknown(sys.Textf("%s", v.UnitFiles.Problem)).with(commands, lines...)
	}
	return ok("systemd holds the unit and the drop-ins that are on disk, and the process was started from them.").with(commands, lines...)
}

// noUnit is the outcome of the steps about systemd for a service that is no unit.
func (v *view) noUnit() Result {
	if v.Target.Container != "" {
		return skipped("the service runs in a container, not under systemd")
	}
	if _, ok := v.Program(); ok {
		return skipped("supervisord runs the service, not systemd")
	}
	if !v.Units.Known && !v.Units.Absent {
		return unknown(sys.Textf("%s", v.Units.Problem))
	}
	if v.Units.Absent {
		return skipped(sys.Textf("%s", v.Units.Problem))
	}
	return skipped("the service is no systemd unit")
}

func yesNo(yes bool) sys.Text {
	if yes {
		return "yes"
	}
	return "no"
}
