package causes

import (
	"testing"
	"time"

	"flasktui/steps/box"
	"flasktui/steps/facts"
	"flasktui/steps/report"
	"flasktui/sys"
	"flasktui/sys/git"
	"flasktui/sys/web"
)

// TestFindDeployUnfinished: what a deploy leaves behind is told from what is being made, from
// a mere fetch, and from what was given up long ago.
func TestFindDeployUnfinished(t *testing.T) {
	t.Parallel()
	const here, next = "1111111111111111111111111111111111111111", "2222222222222222222222222222222222222222"
	now := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	fetched := func(edits ...string) facts.Deployment {
		return facts.Deployment{Active: "/srv/shop", LocalEdits: edits, Repository: &git.Repository{
			Directory: "/srv/shop", GitDirectory: "/srv/shop/.git", Commit: here, ToMerge: next, Fetched: now.Add(-time.Hour),
			Log: []git.ReflogEntry{{New: here, At: now.Add(-24 * time.Hour)}},
		}}
	}
	left := func(operation git.Operation, ago time.Duration) facts.Deployment {
		deployment := fetched()
		deployment.Repository.ToMerge = ""
		deployment.Repository.Unfinished = []git.Unfinished{{Operation: operation, Path: "/srv/shop/.git/x", At: now.Add(-ago)}}
		return deployment
	}
	release := func(name string, ago time.Duration, complete bool) facts.Release {
		made := now.Add(-ago)
		return facts.Release{Name: name, Path: "/srv/shop/releases/" + name, Complete: complete, Info: sys.FileInfo{Born: made, Modified: made}}
	}
	beside := func(other facts.Release) facts.Deployment {
		active := release("20261118120000", 48*time.Hour, true)
		return facts.Deployment{Active: active.Path, ReleasesDirectory: "/srv/shop/releases", Releases: []facts.Release{active, other}}
	}
	for _, test := range []struct {
		name       string
		deployment facts.Deployment
		expect     string
		want       report.Confidence
	}{
		{"a pull that was refused", fetched("app.py"), "", report.Likely},
		{"a mere fetch", fetched(), "", ""},
		{"what is there is what is expected", fetched("app.py"), here, report.Possible},
		{"the expected commit was fetched alone", fetched(), next, report.Certain},
		{"a merge", left(git.Merge, time.Hour), "", report.Likely},
		{"a merge of just now", left(git.Merge, time.Minute), "", report.Possible},
		{"a lock", left(git.IndexLock, time.Hour), "", report.Likely},
		{"an empty release", beside(release("20261120100000", 2*time.Hour, false)), "", report.Likely},
		{"one that is being filled", beside(release("20261120115930", 30*time.Second, false)), "", report.Possible},
		{"an older empty one", beside(release("20261110100000", 240*time.Hour, false)), "", ""},
		{"a whole one", beside(release("20261120100000", 2*time.Hour, true)), "", ""},
		{"a directory of another kind", beside(release("cache", 2*time.Hour, false)), "", ""},
		{"the release that runs is expected", beside(release("20261120100000", 2*time.Hour, false)), "20261118120000", ""},
		{"no repository", facts.Deployment{Active: "/srv/shop"}, "", ""},
	} {
		finding := findDeployUnfinished(box.New(&facts.Facts{TakenAt: now, Options: facts.Options{Expect: test.expect}, Deployment: facts.Of(test.deployment, "")}))
		switch {
		case finding == nil && test.want != "":
			t.Errorf("%s: nothing was found", test.name)
		case finding != nil && (finding.Confidence != test.want || finding.Advice == "" || len(finding.Evidence) == 0):
			t.Errorf("%s: %+v", test.name, finding)
		}
	}
}

// TestFindReleaseNotHere: only what bears a name of the same kind contradicts an expectation.
func TestFindReleaseNotHere(t *testing.T) {
	t.Parallel()
	const active, other = "20261118120000", "20261120100000"
	for _, test := range []struct {
		name, expect string
		releases     []string
		says         string
		found        bool
	}{
		{"it never came", other, []string{active}, "", true},
		{"it runs", active, []string{active}, "", false},
		{"it stands beside", other, []string{active, other}, "", false},
		{"the site says that it is the one", "v2", []string{active}, "v2", false},
		{"the site says that it is not", "v2", []string{active}, "v1", true},
		{"nothing bears such a name", "v2", []string{active}, "", false},
		{"nobody expects anything", "", []string{active}, "", false},
	} {
		deployment := facts.Deployment{Active: "/srv/shop/releases/" + active, ReleasesDirectory: "/srv/shop/releases"}
		for _, name := range test.releases {
			deployment.Releases = append(deployment.Releases, facts.Release{Name: name, Path: "/srv/shop/releases/" + name, Complete: true})
		}
		known := &facts.Facts{Options: facts.Options{Expect: test.expect}, Deployment: facts.Of(deployment, "")}
		if test.says != "" {
			known.Site.Value.App.Version = []facts.Answer{{Status: 200, Marker: web.Marker{Value: test.says}}}
		}
		if finding := findReleaseNotHere(box.New(known)); (finding != nil) != test.found {
			t.Errorf("%s: %+v", test.name, finding)
		}
	}
}
