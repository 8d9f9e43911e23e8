// Package causes holds every way in which old code stays live, and the function that sees
// it in what is true of the box.
package causes

// All is every cause there is, the guide's ten common ones first.
func All() []Kind { //nolint:funlen // one literal slice, read from top to bottom
	return []Kind{
		{
			"service-not-restarted", "The service was not restarted after the code changed", 4, findNotRestarted,
			[]string{"unit-points-to-old-path", "unit-change-not-applied", "release-dir-deleted", "hup-with-preload", "mixed-workers", "orphan-gunicorn", "service-failed", "symlink-broken"},
		},
		{
			"unit-points-to-old-path", "The unit starts another release or tree", 6, findUnitPath,
			[]string{"unit-change-not-applied"},
		},
		{
			"symlink-not-switched", "The current link still points at an older release", 8, findLinkNotSwitched,
			[]string{"symlink-broken"},
		},
		{
			"nginx-wrong-upstream", "Nginx sends requests somewhere else", 9, findWrongUpstream,
			[]string{"nginx-not-reloaded", "wrong-service"},
		},
		{
			"env-not-reloaded", "The process has an older environment than the disk", 7, findEnvironment,
			[]string{"daemon-reload-needed", "unit-change-not-applied", "service-not-restarted", "release-dir-deleted", "hup-with-preload", "mixed-workers", "orphan-gunicorn", "service-failed"},
		},
		{
			"static-stale", "Clients get static files of another release", 10, findStatic,
			[]string{"nginx-not-reloaded", "cache-serves-old", "symlink-broken"},
		},
		{"cache-serves-old", "A cache answers with the old release", 11, findCache, nil},
		{"container-stale", "The container does not run what is on disk", 12, FindContainer, nil},
		{
			"deployed-elsewhere", "The new code is where the service does not run from", 1, findDeployedElsewhere,
			[]string{"symlink-not-switched", "unit-points-to-old-path"},
		},
		{"wrong-service", "Another service answers for the site", 2, findWrongService, []string{"orphan-gunicorn"}},
		{"daemon-reload-needed", "systemd has not loaded the unit that is on disk", 5, findDaemonReload, nil},
		{
			"unit-change-not-applied", "The process was started from an older unit", 5, findUnitNotApplied,
			[]string{"daemon-reload-needed"},
		},
		{
			"hup-with-preload", "A HUP under --preload kept the old code", 13, findPreloadReload,
			[]string{"release-dir-deleted"},
		},
		{"mixed-workers", "Old and new workers answer in turn", 4, findMixed, []string{"orphan-gunicorn"}},
		{"orphan-gunicorn", "A Gunicorn outside the unit holds the socket", 2, FindOrphan, nil},
		{"release-dir-deleted", "The process stands in a directory that is gone", 3, findDeletedDirectory, nil},
		{
			"service-failed", "The service does not run", 4, findFailed,
			[]string{"orphan-gunicorn", "symlink-broken", "wrong-service"},
		},
		{"symlink-broken", "The current link is broken", 8, findBrokenLink, nil},
		{
			"nginx-not-reloaded", "Nginx runs an older configuration than the disk", 9, findNginxNotReloaded,
			[]string{"nginx-config-invalid"},
		},
		{"nginx-config-invalid", "The Nginx configuration on disk is refused", 9, findNginxInvalid, nil},
		{"nginx-stale-address", "Nginx holds an address that has moved", 9, findNginxAddress, nil},
		{
			"installed-package-shadows-checkout", "Python imports the app from another tree", 3, findShadow,
			[]string{"unit-points-to-old-path"},
		},
		{"stale-bytecode", "Python runs bytecode older than its source", 4, findBytecode, nil},
		{
			"templates-cached", "Workers hold older templates in memory", 4, findTemplates,
			[]string{"service-not-restarted", "release-dir-deleted", "mixed-workers", "hup-with-preload", "orphan-gunicorn", "service-failed"},
		},
		{"background-workers-stale", "Background workers still run the old code", 4, findBackgroundWorkers, nil},
	}
}
