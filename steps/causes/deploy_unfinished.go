package causes

import (
	"path"
	"strings"
	"time"

	"flasktui/steps/box"
	"flasktui/steps/facts"
	"flasktui/steps/guide"
	"flasktui/steps/report"
	"flasktui/steps/walk"
	"flasktui/sys"
	"flasktui/sys/git"
	"flasktui/sys/web"
)

func deployUnfinished() Kind {
	return Kind{
		ID: "deploy-unfinished", Title: "The deploy stopped half-way",
		Step:  walk.CodeOnDisk().Number,
		Claim: report.ClaimIntended,
		Hop:   report.HopRelease, instead: "is not what the deploy should have left there",
		find: findDeployUnfinished,
		page: guide.Page{
			What: "The deploy began and did not end: a commit was fetched and could not be checked out, git left a merge or a lock " +
				"behind, or a release directory was made and never filled. Every restart loads what was there before.",
			How: "A file was edited on the server, and git refuses to write over it; the connection dropped, or the disk was full; " +
				"a script goes on after a command that failed, and restarts the old code.",
			Commands: []string{
				"git -C {current} status --short --branch",
				"git -C {current} log -1 --format='%h %cI' FETCH_HEAD",
				"ls -la {current}/.git/*.lock {current}/.git/*_HEAD",
			},
			Prevent: "Let the deploy stop at the first command that fails, and edit nothing on the server.",
			Guard:   []string{"set -euo pipefail", "git -C {current} pull --ff-only", "flasktui check {unit} --expect \"$(git -C {current} rev-parse HEAD)\""},
			See:     []string{"code-on-disk", "deployed-elsewhere"},
		},
	}
}

// findDeployUnfinished sees what a deploy leaves behind that did not end (G53).
func findDeployUnfinished(b *box.Box) *report.Finding {
	for _, look := range []func(*box.Box) *report.Finding{gitUnfinished, pullRefused, releaseUnfilled} {
		if finding := look(b); finding != nil {
			return finding
		}
	}
	return nil
}

// atWork is for how long git may well be at it still.
const atWork = 2 * time.Minute

// gitUnfinished sees an operation of git's that was neither ended nor given up.
func gitUnfinished(b *box.Box) *report.Finding {
	repository := b.Deployment.Value.Repository
	if repository == nil || len(repository.Unfinished) == 0 {
		return nil
	}
	left := repository.Unfinished[0]
	finding := &report.Finding{
		Confidence: report.Likely,
		Why:        sys.Textf("In %s git began a %s and did not finish it.", repository.Directory, left.Operation),
		Evidence:   []report.Evidence{report.Observed("left behind", sys.Textf("%s since ", path.Base(left.Path))+b.Clock(left.At), sys.Textf("%s", left.Path))},
		Advice: sys.Textf("See what it is waiting for, and finish it or abort it: git -C %s status; then git -C %s %s --abort, and run the deploy again.",
			repository.Directory, repository.Directory, left.Operation),
	}
	if left.Operation == git.IndexLock {
		finding.Why = sys.Textf("git was ended while it wrote the index of %s, and its lock keeps every later git from checking anything out.", repository.Directory)
		finding.Advice = sys.Textf("Make sure that no git is at work there (pgrep -a git), remove %s, and run the deploy again.", left.Path)
	}
	if b.TakenAt.Sub(left.At) < atWork {
		finding.Confidence = report.Possible
		finding.Why += " It is so recent that git may still be at work: look again in a while."
	}
	return finding
}

// pullRefused sees a commit that was fetched to be merged and was not, over files that were
// edited by hand: git refuses to write over them. Without such files it is a mere fetch.
func pullRefused(b *box.Box) *report.Finding {
	deployment := b.Deployment.Value
	repository := deployment.Repository
	if repository == nil {
		return nil
	}
	if expect := b.Options.Expect; expect != "" && !b.ActiveIdentity().MatchesExpected(expect) && box.CommitNamed(expect, repository.ToMerge, repository.Upstream) {
		return fetchedOnly(b, repository)
	}
	if !repository.StoppedPull() || len(deployment.LocalEdits) == 0 {
		return nil
	}
	finding := &report.Finding{
		Confidence: report.Likely,
		Why: sys.Textf("Commit %s was fetched into %s and never checked out, and files there were edited by hand, which git does not overwrite: a refused pull leaves a checkout like this.",
			box.ShortCommit(repository.ToMerge), repository.Directory),
		Evidence: []report.Evidence{
			report.Observed("fetched", sys.Textf("%s at ", box.ShortCommit(repository.ToMerge))+b.Clock(repository.Fetched), sys.Textf("%s/FETCH_HEAD", repository.GitDirectory)),
			report.Observed("checked out", sys.Textf("%s", box.ShortCommit(repository.Commit)), sys.Textf("%s/HEAD", repository.GitDirectory)),
			report.Observed("edited by hand", sys.Textf("%s", strings.Join(deployment.LocalEdits, ", ")), sys.Typed("git -C %s status --short", repository.Directory)),
		},
		Advice: sys.Textf("Look at the edits (git -C %s diff), commit them or put them aside (git stash), then pull and restart.", repository.Directory),
	}
	if expect := b.Options.Expect; expect != "" && b.ActiveIdentity().MatchesExpected(expect) {
		finding.Confidence = report.Possible
		finding.Why += sys.Textf(" What is checked out is the expected %s, though.", expect)
	}
	return finding
}

// fetchedOnly: the commit that is expected has come, and is not checked out.
func fetchedOnly(b *box.Box, repository *git.Repository) *report.Finding {
	return &report.Finding{
		Confidence: report.Certain,
		Why: sys.Textf("The expected commit %s was fetched into %s, and what is checked out there is %s.",
			b.Options.Expect, repository.Directory, box.ShortCommit(repository.Commit)),
		Evidence: []report.Evidence{
			report.Observed("expected", sys.Textf("%s", b.Options.Expect), "--expect"),
			report.Observed("checked out", sys.Textf("%s", box.ShortCommit(repository.Commit)), sys.Textf("%s/HEAD", repository.GitDirectory)),
		},
		Advice: sys.Textf("Check it out (git -C %s merge --ff-only %s), then restart.", repository.Directory, b.Options.Expect),
	}
}

// releaseUnfilled sees a directory beside the releases, named as they are and younger than the
// one that is to run, in which the app is not.
func releaseUnfilled(b *box.Box) *report.Finding {
	deployment := b.Deployment.Value
	active, known := deployment.ReleaseOf(deployment.Active)
	if !known || b.Options.Expect != "" && b.ExpectsActive() {
		return nil
	}
	var newest facts.Release
	for _, release := range deployment.Releases {
		if !release.Complete && web.NamedAlike(release.Name, active.Name) && release.MadeAt().After(active.MadeAt()) && release.MadeAt().After(newest.MadeAt()) {
			newest = release
		}
	}
	if newest.Path == "" {
		return nil
	}
	finding := &report.Finding{
		Confidence: report.Likely,
		Why:        sys.Textf("%s was made after the release that runs, and the app is not in it.", newest.Path),
		Evidence: []report.Evidence{
			report.Observed("made", b.Clock(newest.MadeAt()), sys.Typed("ls -la %s", newest.Path)),
			report.Observed("the release that runs", sys.Textf("%s, made ", active.Name)+b.Clock(active.MadeAt()), sys.Typed("ls -la %s", deployment.ReleasesDirectory)),
		},
		Advice: sys.Textf("Look at how the deploy ended, and run it again; then remove %s, if nothing needs it.", newest.Path),
	}
	if mayStillGrow(b, newest) || b.TakenAt.Sub(newest.MadeAt()) < atWork {
		finding.Confidence = report.Possible
		finding.Why += " It is so recent that it may still be filling up."
	}
	return finding
}
