package practice

// Fault is something that a practice box can show.
type Fault struct {
	// ID is the cause that a good look finds, or "healthy".
	ID string
	// Sentence says what the box shows, as its owner would complain.
	Sentence string

	tell func(*Box)
}

// Faults is every box there is.
func Faults() []Fault {
	return []Fault{
		{"healthy", "Nothing is wrong: the new release is live everywhere.", healthy},
		{"service-not-restarted", "The release was switched, and nobody restarted the service.", serviceNotRestarted},
		{"unit-points-to-old-path", "Every restart brings the old release back.", unitOldPath},
		{"symlink-not-switched", "The new release is uploaded and the service restarted, and nothing changed.", symlinkNotSwitched},
		{"nginx-wrong-upstream", "The service was moved to another port and runs the new release; visitors see the old one.", wrongUpstream},
		{"env-not-reloaded", "A setting in the environment file was changed, and the site does not care.", environmentChanged},
		{"front-elsewhere", "The release is live by all that the service says, and the site has not changed since the move.", frontElsewhere},
		{"static-stale", "The pages are new and look like the old ones.", staticStale},
		{"cache-serves-old", "The app answers with the new release, the site with the old one.", cacheServesOld},
		{"container-stale", "The checkout was pulled and the container restarted; it shows the old release.", containerStale},
		{"deployed-elsewhere", "The deploy said that all went well, and the site did not notice.", deployedElsewhere},
		{"deploy-unfinished", "The deploy was started, the service was restarted, and the old release is back.", deployUnfinished},
		{"release-not-here", "The pipeline says that the release is out, and this box has never heard of it.", releaseNotHere},
		{"wrong-service", "The service was restarted, and that changed nothing.", wrongService},
		{"daemon-reload-needed", "The unit was edited and the service restarted, and it starts the old release all the same.", daemonReloadNeeded},
		{"unit-change-not-applied", "The unit was edited and systemd knows it, and the old release still runs.", unitNotApplied},
		{"hup-with-preload", "The service was reloaded after the pull, and the old code came back.", hupWithPreload},
		{"mixed-workers", "Sometimes the new release answers, sometimes the old one.", mixedWorkers},
		{"orphan-gunicorn", "The service fails to start, and yet the site answers: with the old release.", orphan},
		{"release-dir-deleted", "The old release was cleaned away, and is still what visitors see.", releaseDeleted},
		{"service-failed", "Since the deploy the site is down.", serviceFailed},
		{"symlink-broken", "The link was switched, or so it seemed.", symlinkBroken},
		{"nginx-not-reloaded", "The server block was corrected, and visitors still get the old stylesheet.", nginxNotReloaded},
		{"nginx-config-invalid", "Nginx was corrected and reloaded, and nothing changed.", nginxInvalid},
		{"nginx-stale-address", "The app moved to another address, and the site is down.", staleAddress},
		{"installed-package-shadows-checkout", "The checkout is new, the service is new, the code is old.", shadowed},
		{"stale-bytecode", "The source is new, the service was restarted, the old code runs.", staleBytecode},
		{"templates-cached", "A template was changed, and the page was not.", templatesCached},
		{"background-workers-stale", "The site is new; what its task queue does is not.", backgroundStale},
		{"requirements-not-installed", "The release is live, and the bug that its newer library was to mend is still there.", requirementsOlder},
	}
}
