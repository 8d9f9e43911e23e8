package git

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"flasktui/sys/memory"
)

func TestParseFetchHead(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, content, want string }{
		{"nothing", "", ""},
		{"the branch that is followed", commitA + "\t\tbranch 'main' of git.example:team/shop\n", commitA},
		{
			"after others", commitB + "\tnot-for-merge\tbranch 'next' of git.example:team/shop\n" + commitA + "\t\tbranch 'main' of git.example:team/shop\n", commitA,
		},
		{"others alone", commitB + "\tnot-for-merge\tbranch 'next' of git.example:team/shop\n", ""},
		{"no commit", "main\t\tbranch 'main'\n", ""},
		{"a line that breaks off", commitA + "\t", ""},
	} {
		if got := ParseFetchHead([]byte(test.content)); got != test.want {
			t.Errorf("%s: %q", test.name, got)
		}
	}
}

func FuzzParseFetchHead(f *testing.F) {
	f.Add([]byte(commitA + "\t\tbranch 'main' of x\n"))
	f.Fuzz(func(t *testing.T, content []byte) {
		if got := ParseFetchHead(content); got != "" && !isCommit(got) {
			t.Errorf("%q is no commit", got)
		}
	})
}

// TestAPullThatGitRefuses is done with git itself, over a file that was edited by hand.
func TestAPullThatGitRefuses(t *testing.T) {
	t.Parallel()
	base := t.TempDir()
	origin, clone := filepath.Join(base, "origin"), filepath.Join(base, "shop")
	in(t, base, "init", "-q", "-b", "main", origin)
	commitFile(t, origin, "one")
	in(t, base, "clone", "-q", origin, clone)
	read := func() *Repository {
		t.Helper()
		repository, err := FindRepository(t.Context(), memory.Mirror(t, base), clone)
		if err != nil {
			t.Fatal(err)
		}
		return repository
	}
	if read().StoppedPull() {
		t.Error("a fresh clone looks like a pull that stopped")
	}
	second := commitFile(t, origin, "two")
	in(t, clone, "fetch", "-q")
	repository := read()
	edits, err := repository.LocalEdits(t.Context(), memory.Mirror(t, base))
	if !repository.StoppedPull() || repository.ToMerge != second || len(edits) != 0 || err != nil {
		t.Errorf("a fetch alone: %+v, edits %v, %v", repository, edits, err)
	}
	tracked := strings.Fields(in(t, clone, "ls-files"))
	if err := os.WriteFile(filepath.Join(clone, tracked[0]), []byte("edited by hand\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if edits, err = read().LocalEdits(t.Context(), memory.Mirror(t, base)); err != nil || !slices.Equal(edits, tracked[:1]) {
		t.Errorf("edits %v, %v", edits, err)
	}
	in(t, clone, "checkout", "-q", tracked[0])
	in(t, clone, "merge", "-q", "--ff-only", "FETCH_HEAD")
	if read().StoppedPull() {
		t.Error("what was merged looks like a pull that stopped")
	}
}

// TestWhatGitLeavesBehind: the traces of what was begun and neither ended nor given up.
func TestWhatGitLeavesBehind(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]Operation{
		"MERGE_HEAD": Merge, "CHERRY_PICK_HEAD": CherryPick, "REVERT_HEAD": Revert, "rebase-merge/done": Rebase, "rebase-apply/next": Rebase,
		"index.lock": IndexLock, "ORIG_HEAD": "", "MERGE_MSG": "", "gc.log.lock": "",
	} {
		machine := memory.Machine{Files: map[string]string{"/srv/shop/.git/HEAD": commitA + "\n", "/srv/shop/.git/" + name: ""}}
		repository, err := FindRepository(t.Context(), machine, "/srv/shop")
		if err != nil {
			t.Fatal(err)
		}
		var got Operation
		for _, left := range repository.Unfinished {
			got = left.Operation
		}
		if got != want {
			t.Errorf("%s: %q", name, got)
		}
	}
	since := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	for _, test := range []struct {
		name       string
		repository Repository
		stopped    bool
	}{
		{"HEAD moved after it", Repository{Commit: commitB, ToMerge: commitA, Fetched: since, Log: []ReflogEntry{{New: commitB, At: since.Add(time.Minute)}}}, false},
		{"within a second", Repository{Commit: commitB, ToMerge: commitA, Fetched: since.Add(time.Millisecond), Log: []ReflogEntry{{New: commitB, At: since}}}, true},
		{"HEAD has been there", Repository{Commit: commitB, ToMerge: commitA, Fetched: since.Add(time.Hour), Log: []ReflogEntry{{New: commitA}, {Old: commitA, New: commitB, At: since}}}, false},
		{"no log", Repository{Commit: commitB, ToMerge: commitA, Fetched: since}, false},
	} {
		if got := test.repository.StoppedPull(); got != test.stopped {
			t.Errorf("%s: %v", test.name, got)
		}
	}
}
