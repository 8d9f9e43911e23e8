package walk

import (
	"cmp"
	"path"

	"flasktui/steps/box"
	"flasktui/steps/facts"
	"flasktui/steps/guide"
	"flasktui/steps/report"
	"flasktui/sys"
)

// CodeOnDisk is the tree that the service takes its code from.
func CodeOnDisk() Step {
	return Step{
		Number: 1, ID: "code-on-disk", Title: "Code on disk",
		Question: "Is the new code where the deploy should have put it?",
		Claim:    report.ClaimIntended,
		Needs:    []func() facts.Group{facts.GroupDeployment, facts.GroupCode},
		Judge:    judgeCodeOnDisk,
		page: guide.Page{
			Asks: "Did the deploy arrive at all, in the directory that it was meant for, and which release is it?",
			Why: "Every later step compares something with what lies on disk. If the new code never got here, no restart can " +
				"bring it live, and every later answer will mislead you.",
			Good: "The commit or release directory is the one that you deployed, and it changed when the deploy ran.",
			Read: "The release is read from git's own files, a REVISION file or the directory's name. The change time is the " +
				"latest of: the last move of HEAD in the reflog, the switch of the link, the newest Python source. A file's " +
				"modification time can be carried over from elsewhere (rsync -t, tar, cp -p). Its change time cannot, but chown " +
				"and chmod move it too, so by itself it is a hint, not proof. No remote is asked: flasktui tells what was " +
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
		},
	}
}

// judgeCodeOnDisk: the tree that the service takes its code from, its commit, and what
// changed in it last.
func judgeCodeOnDisk(b *box.Box) report.Result {
	deployment, code := b.Deployment.Value, b.Code.Value
	if !b.Deployment.Known {
		return notKnown(b.Deployment)
	}
	commands := []sys.Text{sys.Typed("ls -la %s", deployment.Active)}
	if deployment.Repository != nil {
		commands = append(commands, sys.Typed("git -C %s rev-parse --short HEAD", deployment.Active), sys.Typed("git -C %s reflog -3", deployment.Active))
	}
	if deployment.ReleasesDirectory != "" {
		commands = append(commands, sys.Typed("ls -la %s", deployment.ReleasesDirectory))
	}
	if deployment.Problem != "" && deployment.Link == nil {
		if deployment.Unread {
			return unknown(sys.Textf("%s, where the service takes its code from, could not be looked at: %s", deployment.Directory, deployment.Problem)).With(commands)
		}
		return failed(sys.Textf("%s, where the service takes its code from, %s.", deployment.Directory, deployment.Problem)).With(commands)
	}
	lines := []report.Evidence{report.Observed("the service's code", sys.Textf("%s", deployment.Active), sys.Typed("readlink -f %s", deployment.Directory))}
	id := b.ActiveIdentity()
	if label := id.Label(); label != "" {
		source := sys.Text("the directory's name")
		switch {
		case deployment.Repository != nil:
			source = sys.Textf("%s/HEAD", deployment.Repository.GitDirectory)
		case deployment.Revision != "":
			source = sys.Textf("%s/REVISION", deployment.Active)
		}
		lines = append(lines, report.Observed("release", label, source))
	}
	if repository := deployment.Repository; repository != nil {
		if entry, ok := box.LastMove(*repository); ok {
			lines = append(lines, report.Observed("HEAD last moved", b.Clock(entry.At)+sys.Textf(" (%s)", entry.Action), sys.Textf("%s/logs/HEAD", repository.GitDirectory)))
		}
		if repository.Upstream != "" && repository.Upstream != repository.Commit {
			lines = append(lines, report.Observed("fetched, not checked out", sys.Textf("%s is at %s; the remote itself was not asked", repository.UpstreamRef, box.ShortCommit(repository.Upstream)), sys.Textf("%s", repository.GitDirectory)))
		}
	}
	if newest := code.OnDisk; newest.Path != "" {
		lines = append(lines, report.Observed("changed last", sys.Textf("%s at ", path.Base(newest.Path))+b.Clock(newest.At), sys.Typed("statx %s", newest.Path)))
		code.Recent = nil
	}
	for _, change := range code.Recent[:min(len(code.Recent), 3)] {
		lines = append(lines, report.Observed("changed last", sys.Textf("%s at ", path.Base(change.Path))+b.Clock(change.At), sys.Typed("statx %s", change.Path)))
	}
	switch {
	case !b.Code.Known:
		return unknown(b.Code.Problem).With(commands, lines...)
	case code.DiskSource().At.IsZero() && code.Unsettled.At.IsZero():
		return warn(sys.Textf("There is no Python source under %s.", code.Tree)).With(commands, lines...)
	}
	if repository := deployment.Repository; repository != nil && repository.Upstream != "" && repository.Upstream != repository.Commit && !upstreamIsBehind(b) {
		return warn(sys.Textf("%s was fetched and is not what is checked out: %s has %s, the work tree %s.",
			repository.UpstreamRef, repository.UpstreamRef, box.ShortCommit(repository.Upstream), box.ShortCommit(repository.Commit))).With(commands, lines...)
	}
	when := sys.Textf("it last changed at %s", b.Clock(code.DiskSource().At))
	if unsettled := code.Unsettled; code.OnDisk.Path == "" && box.After(unsettled.At, code.Source.At) {
		when = sys.Textf("%s was changed in some way at %s", unsettled.Path, b.Clock(unsettled.At))
	}
	return ok(sys.Textf("The service takes its code from %s; %s.", deployment.Active, when)+
		expectation(b, cmp.Or(b.Options.Expect, ""))).With(commands, lines...)
}

// expectation says whether what is on disk is what the person expects.
func expectation(b *box.Box, expect string) sys.Text {
	switch {
	case expect == "":
		return ""
	case b.ActiveIdentity().MatchesExpected(expect):
		return sys.Textf(" It is the expected release %s.", expect)
	}
	return sys.Textf(" Nothing on disk says whether it is %s.", expect)
}

// upstreamIsBehind tells whether HEAD has already been at the fetched commit: then the
// work tree is ahead, or was rolled back from it on purpose.
func upstreamIsBehind(b *box.Box) bool {
	repository := b.Deployment.Value.Repository
	for _, entry := range repository.Log {
		if entry.New == repository.Upstream || entry.Old == repository.Upstream {
			return true
		}
	}
	return repository.Fetched.IsZero()
}
