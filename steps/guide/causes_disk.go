package guide

func symlinkNotSwitched() Page {
	return Page{
		ID:    "symlink-not-switched",
		Title: "The current link still points at an older release",
		What:  "A newer release lies beside the one that the link points at. Every restart loads the older one.",
		How: "The deploy failed between unpacking and switching, or the switch was put inside the old release by `ln -sf`. " +
			"After a rollback the same picture is right: tell flasktui with --expect.",
		Commands: []string{
			"readlink -f {current}",
			"ls -1dt {root}/releases/* | head -3",
			"stat -c '%y %N' {current}",
		},
		Prevent: "Switch in one step that either happens or does not, and stop the script on the first error.",
		Guard: []string{
			"set -euo pipefail",
			"ln -sfn {root}/releases/$RELEASE {root}/.next",
			"mv -T {root}/.next {current}",
			"sudo systemctl restart {unit}",
		},
		See: []string{"switch-symlink", "release-symlink"},
	}
}

func symlinkBroken() Page {
	return Page{
		ID:    "symlink-broken",
		Title: "The current link is broken",
		What: "The link points at nothing, is no link but a directory, or a second link was nested inside the release that " +
			"it points at.",
		How: "The release it names was pruned; a copy (cp -r, rsync without the right slash) replaced the link with a " +
			"directory; `ln -sf new current` went through the link and left its own inside the old release.",
		Commands: []string{
			"ls -ld {current}",
			"readlink -f {current}; readlink -e {current} || echo dangling",
			"find {current}/ -maxdepth 1 -type l -ls",
		},
		Prevent: "Rename a new link over the old one. `ln -n` and `mv -T` never follow it.",
		Guard:   []string{"ln -sfn {root}/releases/$RELEASE {root}/.next && mv -T {root}/.next {current}"},
		See:     []string{"switch-symlink", "release-symlink"},
	}
}

func deployedElsewhere() Page {
	return Page{
		ID:    "deployed-elsewhere",
		Title: "The new code is where the service does not run from",
		What:  "The deploy did its work in one directory, and the service runs from another. Both are in perfect order.",
		How: "The target path of the pipeline and the WorkingDirectory of the unit were changed at different times; a second " +
			"checkout for trials became the real one; a bind mount takes its source from a third place.",
		Commands: []string{
			"sudo readlink /proc/{pid}/cwd",
			"systemctl show {unit} -p WorkingDirectory",
			"sudo find /srv /var/www /opt /home -maxdepth 5 -name wsgi.py -printf '%T+ %p\\n' 2>/dev/null | sort | tail -5",
		},
		Prevent: "Let the deploy ask the unit where to write, so that there is one truth.",
		Guard:   []string{"TARGET=$(systemctl show {unit} -p WorkingDirectory --value)", "flasktui check {unit} --app-dir \"$TARGET\" --expect \"$RELEASE\""},
		See:     []string{"code-on-disk", "unit-points-to-old-path"},
	}
}

func installedPackageShadowsCheckout() Page {
	return Page{
		ID:    "installed-package-shadows-checkout",
		Title: "Python imports the app from another tree",
		What: "The release is in place and the directory is right, but Python finds the app somewhere else first: a copy in " +
			"site-packages, another checkout on PYTHONPATH, an editable install of an older one.",
		How: "`pip install .` once, and never again, or with an unchanged version number, which pip takes for already " +
			"installed; `pip install -e` from a directory that was later moved; a src layout, where the working directory " +
			"holds no package.",
		Commands: []string{
			"ls -d {venv}/lib/python3*/site-packages/*.dist-info | head -50",
			"cat {venv}/lib/python3*/site-packages/*.pth {venv}/lib/python3*/site-packages/*.dist-info/direct_url.json",
			"systemctl show {unit} -p Environment | grep -o 'PYTHONPATH=[^ ]*'",
		},
		Prevent: "Install the app into the release's own virtualenv each time, or do not install it at all.",
		Guard:   []string{"{current}/venv/bin/pip install --no-deps --force-reinstall {current}"},
		See:     []string{"working-directory"},
	}
}

func staleBytecode() Page {
	return Page{
		ID:    "stale-bytecode",
		Title: "Python runs bytecode older than its source",
		What: "A .pyc in __pycache__ is taken for current although the source has changed, so even a restarted process runs " +
			"the old code.",
		How: "Python compares the source's time and size with those in the .pyc, for equality. Where a tool clamps the times " +
			"(reproducible builds, some archives) and the size happens to be the same, it cannot tell. A .pyc of the " +
			"unchecked-hash kind is never compared at all.",
		Commands: []string{
			"find {current}/ -name '*.pyc' -path '*__pycache__*' -printf '%T+ %p\\n' | sort | tail",
			"stat -c '%y %s %n' {current}/*.py",
		},
		Prevent: "Ship no bytecode, and give each release a fresh directory.",
		Guard:   []string{"rsync -a --exclude='__pycache__/' build/ {root}/releases/$RELEASE/"},
		See:     []string{"clear-bytecode"},
	}
}
