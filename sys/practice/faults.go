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

// Symptom is what a person who uses or keeps the site would say of the box: what they see and
// what they did, and nothing of why. It is empty where no such words were written.
func (f Fault) Symptom() string { return symptoms()[f.ID] }

func symptoms() map[string]string {
	return map[string]string{
		"healthy":                            "I deployed twelve minutes ago. Before I tell everybody: is it really out?",
		"service-not-restarted":              "The deploy ended green twelve minutes ago, and the front page still says spring.",
		"unit-points-to-old-path":            "I deployed and restarted, twice by now. It comes up with the spring collection each time.",
		"symlink-not-switched":               "The new release is on the box, I can see it there. I restarted the service as well. Visitors get the old one.",
		"nginx-wrong-upstream":               "We moved the service to another port two days ago. Today's deploy does not show.",
		"env-not-reloaded":                   "I changed one setting in the environment file, and the site goes on as before.",
		"front-elsewhere":                    "Everything on the box looks right to me, and the site has not changed since the move.",
		"static-stale":                       "The texts are new, but the page looks as it did before the deploy.",
		"cache-serves-old":                   "I restarted everything that there is, and the page still says spring.",
		"container-stale":                    "I pulled, I restarted the container, and it shows the same page as before.",
		"deployed-elsewhere":                 "The deploy said that it went well. The site did not notice.",
		"deploy-unfinished":                  "I started the deploy, went for a coffee and restarted the service. The site is the old one.",
		"release-not-here":                   "The pipeline says that the release is out. The other boxes have it, this one does not show it.",
		"wrong-service":                      "I restarted the service after the deploy, and nothing changed on the site.",
		"daemon-reload-needed":               "I edited the unit and restarted the service, and the old release is back up.",
		"unit-change-not-applied":            "I put the new directory into the unit and ran daemon-reload. The site shows the old release.",
		"hup-with-preload":                   "We always reload after a pull, so that nobody is cut off. Today the old code came back.",
		"mixed-workers":                      "It depends. I press reload in my browser, and sometimes it is the new page and sometimes the old one.",
		"orphan-gunicorn":                    "The service does not want to start any more. The odd thing is that the site answers.",
		"release-dir-deleted":                "The old release is deleted, I saw to that myself. Visitors still see it.",
		"service-failed":                     "Since the deploy the site says 502.",
		"symlink-broken":                     "I pointed the link at the new release and restarted, and nothing changed.",
		"nginx-not-reloaded":                 "I corrected the server block, and visitors still get the old stylesheet.",
		"nginx-config-invalid":               "I corrected Nginx and reloaded it. The stylesheet is the old one.",
		"nginx-stale-address":                "The app was moved to another address today. The site says 502, the app itself runs.",
		"installed-package-shadows-checkout": "I pulled and restarted. The checkout is new, and the site runs something else.",
		"stale-bytecode":                     "The source on the box is the new one, I looked. I restarted, and the page says spring.",
		"templates-cached":                   "I changed a template, nothing more, and the page did not change.",
		"background-workers-stale":           "The site is new. The mails that it sends still have the old text.",
		"requirements-not-installed":         "The release is live, and the bug that the newer library was to mend is still there.",
		"healthy/checkout":                   "I pulled and restarted two hours ago, and somebody changed owners since. Can I close the ticket?",
		"healthy/another-stale":              "One of our two sites is out of date, people say. Is it this one?",
		"healthy/respawned":                  "One worker is much younger than the others. Does it run other code?",
		"healthy/reloaded-through-link":      "I only reloaded, I did not restart. Is the new release live?",
		"healthy/cdn":                        "There is a CDN before the site. Do visitors get the new release?",
		"service-not-restarted/titled":       "The deploy is through, and the site is the old one. ps shows nothing of use here.",
		"static-stale/precompressed":         "With curl I get the new stylesheet, in my browser the old one.",
		"cache-serves-old/cdn":               "On the box itself I get the new page, at home the old one.",
		"nginx-not-reloaded/moved":           "I moved the service to another port and changed the server block to fit. The site says 502.",
		"orphan-gunicorn/socket":             "I restarted, and the log says that the new release is up. Visitors get the old one.",
		"service-not-restarted/stylesheet":   "Neither the texts nor the colours changed with the deploy.",
		"hup-with-preload/cdn":               "I pulled and reloaded. The old page is everywhere, at home and on the box.",
		"cache-serves-old/queue":             "Visitors see the old page, and the mails that go out are the old ones too.",
	}
}
