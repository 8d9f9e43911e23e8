package guide

// systemdTraps are G17 to G23: units, what systemd holds of them, and other managers.
func systemdTraps() []Trap {
	return []Trap{
		{"G17", "systemd has not read the unit again", "Edits to a unit or a drop-in take effect after daemon-reload. NeedDaemonReload compares times, so it can be yes for a file with the same content, and no where a new file shadows the old one."},
		{"G18", "systemd has the new unit, the process does not", "daemon-reload touches no process. A unit that changed after its process was started takes effect at the next restart."},
		{"G19", "The environment file changed", "It is read when the service starts and at no other time; neither daemon-reload nor HUP reads it again."},
		{"G20", "A path in the unit is pinned", "WorkingDirectory, ExecStart, or the first line of a script in the virtualenv names one release instead of `current`: each restart starts that one again."},
		{"G21", "A socket unit holds the address", "With socket activation systemd listens, and restarting the service moves nothing. The address stands in the .socket unit."},
		{"G22", "The wrong unit", "A name was typed, a unit of that name was restarted, and another one serves the site. Start from whoever listens and ask the kernel which unit it belongs to."},
		{"G23", "supervisord keeps its old sections", "`supervisorctl restart` starts what supervisord has in memory, and `reread` alone changes nothing. `supervisorctl update NAME` applies what was edited."},
	}
}
