package guide

func codeOnDisk() Page {
	return Page{
		ID:    "code-on-disk",
		Title: "Code on disk",
		Asks:  "Did the deploy arrive at all, in the directory that it was meant for, and which release is it?",
		Why: "Every later step compares something with what lies on disk. If the new code never got here, no restart can " +
			"bring it live, and every later answer will mislead you.",
		Good: "The commit or release directory is the one that you deployed, and it changed when the deploy ran.",
		Read: "The release is read from git's own files, a REVISION file or the directory's name. The change time is the " +
			"latest of: the last move of HEAD in the reflog, the switch of the link, the newest Python source. A file's " +
			"modification time can be carried over from elsewhere (rsync -t, tar, cp -p). Its change time cannot, but chown " +
			"and chmod move it too, so by itself it is a hint and no proof. No remote is asked: flasktui tells what was " +
			"fetched, not what was pushed.",
		Mistake: "Looking into the checkout you know instead of the one that the service runs from. Or fetching without " +
			"merging: FETCH_HEAD is new, HEAD has not moved.",
		Commands: []string{
			"readlink -f {current}",
			"ls -la {root}",
			"git -C {current} log -1 --format='%h %cd %s'",
			"git -C {current} reflog -n 3 --date=iso",
		},
		IfItFails: "Read the deploy's own log for the directory that it wrote to. If that is another one, see " +
			"deployed-elsewhere; if it is the right one, the deploy failed half-way: run it again before anything else. " +
			"Run git as the owner of the checkout, not as root: as root it refuses, and a checkout's own configuration can " +
			"make git run programs.",
		See: []string{"deployed-elsewhere", "release-symlink"},
	}
}

func releaseSymlink() Page {
	return Page{
		ID:    "release-symlink",
		Title: "Release symlink",
		Asks:  "Where releases stand side by side, does the link that makes one of them current point at the newest?",
		Why: "The link is the switch. A deploy that unpacks a release and then dies leaves the switch where it was, and " +
			"every restart faithfully starts the old release again.",
		Good: "The link resolves to the newest release directory, nothing is nested inside it, and the process's directory " +
			"is the same place.",
		Read: "Newest means by name where names are times, else by time. A link that was switched after the workers " +
			"started is no use to them: a process keeps the directory it started in, not the name it used to get there.",
		Mistake: "`ln -sf new current`: where current is a link to a directory, ln follows it and puts the new link inside " +
			"the old release. Use `ln -sfn`, or better a new link that is renamed over the old one.",
		Commands: []string{
			"readlink -f {current}",
			"ls -lat {root}/releases | head",
			"find {current}/ -maxdepth 1 -type l -ls",
		},
		IfItFails: "If the newer release is complete, switch the link and restart. If it is older on purpose, after a " +
			"rollback, say so with --expect, and the verdict will follow.",
		See: []string{"symlink-not-switched", "symlink-broken", "switch-symlink"},
	}
}

func releaseMarker() Page {
	return Page{
		ID:    "release-marker",
		Title: "Release marker",
		Asks:  "Does the site itself say which release it runs, through the public address and behind it?",
		Why: "All other evidence is circumstantial. A program that names its own release ends every argument, in one " +
			"request, from anywhere.",
		Good: "The marker answers the same release at the app's socket, through Nginx and at the public address, many " +
			"times over, and it is the release on disk.",
		Read: "One answer proves one worker. flasktui asks twice as many times as there are workers, and two more, for a " +
			"pool in which one worker is newer than the others answers differently in turn. New at the socket and old at " +
			"the public address means something in between answers.",
		Mistake: "Reading the marker's value from the environment file by hand and calling it proof, or setting it at " +
			"build time and never again. A marker read from a file at each request tells what is on disk, not what runs: " +
			"read it once, when the app is loaded.",
		Commands: []string{
			"curl -s {url}/version",
			"curl -s --unix-socket {socket} http://localhost/version",
			"for i in 1 2 3 4 5 6 7 8; do curl -s {url}/version; echo; done | sort | uniq -c",
		},
		IfItFails: "No marker is no fault of the deploy: the other steps can still prove the release, only not as plainly. " +
			"An answer that is old while all else is new leads to what answers in between.",
		Prevent: "Give the app a route that answers with what was set when it was loaded, and let the deploy set it.",
		Guard: []string{
			"RELEASE = os.environ.get(\"APP_RELEASE\", \"unknown\")",
			"",
			"@app.get(\"/version\")",
			"def version():",
			"    return {\"release\": RELEASE}",
		},
		See: []string{"mixed-workers", "cache-serves-old"},
	}
}
