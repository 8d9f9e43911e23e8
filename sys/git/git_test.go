package git

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"flasktui/sys/memory"
)

const (
	commitA = "1111111111111111111111111111111111111111"
	commitB = "2222222222222222222222222222222222222222"
	commitC = "3333333333333333333333333333333333333333"
)

// in runs the real git, away from every configuration of the person's own.
func in(t *testing.T, directory string, arguments ...string) string {
	t.Helper()
	program, err := exec.LookPath("git")
	if err != nil {
		t.Fatal("the real git is asked: install it")
	}
	command := exec.CommandContext(t.Context(), program, arguments...)
	command.Dir = directory
	command.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_SYSTEM=/dev/null", "HOME="+t.TempDir(),
		"GIT_AUTHOR_NAME=Ann O'Thor", "GIT_AUTHOR_EMAIL=ann@example.org", "GIT_COMMITTER_NAME=Ann > Thor", "GIT_COMMITTER_EMAIL=ann@example.org")
	output, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("git %v: %v\n%s", arguments, err, output)
	}
	return strings.TrimSpace(string(output))
}

func commitFile(t *testing.T, directory, content string) string {
	t.Helper()
	if err := os.WriteFile(filepath.Join(directory, "app.py"), []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	in(t, directory, "add", ".")
	in(t, directory, "commit", "-q", "-m", content)
	return in(t, directory, "rev-parse", "HEAD")
}

// What real git wrote: a clone that lags behind, a packed one, a worktree, a submodule.
func TestFindRepositoryOfRealGit(t *testing.T) {
	base := t.TempDir()
	origin, clone := filepath.Join(base, "origin"), filepath.Join(base, "srv", "shop")
	in(t, base, "init", "-q", "-b", "main", origin)
	first := commitFile(t, origin, "one")
	in(t, base, "clone", "-q", origin, clone)
	second := commitFile(t, origin, "two")
	in(t, clone, "fetch", "-q")

	machine := memory.Mirror(t, base)
	repository, err := FindRepository(t.Context(), machine, filepath.Join(clone, "sub", "directory"))
	if err != nil || repository == nil {
		t.Fatal(repository, err)
	}
	if repository.Directory != clone || repository.Branch != "main" || repository.Commit != first ||
		repository.Upstream != second || repository.UpstreamRef != "refs/remotes/origin/main" || repository.Fetched.IsZero() {
		t.Errorf("got %+v", repository)
	}
	if len(repository.Log) != 1 || repository.Log[0].New != first || !strings.HasPrefix(repository.Log[0].Action, "clone: from") {
		t.Errorf("log %+v", repository.Log)
	}

	in(t, clone, "pack-refs", "--all")
	in(t, clone, "merge", "-q", "--ff-only", "origin/main")
	in(t, clone, "pack-refs", "--all")
	in(t, clone, "worktree", "add", "-q", "--detach", filepath.Join(base, "releases", "1"), first)
	machine = memory.Mirror(t, base)
	repository, err = FindRepository(t.Context(), machine, clone)
	if err != nil || repository.Commit != second || repository.Upstream != second {
		t.Errorf("packed refs: %+v, %v", repository, err)
	}
	machine.Links[filepath.Join(base, "current")] = "releases/1"
	repository, err = FindRepository(t.Context(), machine, filepath.Join(base, "current"))
	if err != nil || repository.Directory != filepath.Join(base, "releases", "1") || repository.Branch != "" || repository.Commit != first {
		t.Errorf("a detached worktree behind a link: %+v, %v", repository, err)
	}
	in(t, clone, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", origin, "vendor/origin")
	repository, err = FindRepository(t.Context(), memory.Mirror(t, base), filepath.Join(clone, "vendor", "origin"))
	if err != nil || repository.Commit != second || repository.GitDirectory != filepath.Join(clone, ".git", "modules", "vendor", "origin") {
		t.Errorf("a submodule: %+v, %v", repository, err)
	}
}

func TestFindRepository(t *testing.T) {
	git := func(more map[string]string) memory.Machine {
		files := map[string]string{"/srv/shop/.git/HEAD": "ref: refs/heads/main\n", "/srv/shop/.git/refs/heads/main": commitA + "\n"}
		for name, content := range more {
			files[name] = content
		}
		return memory.Machine{Files: files}
	}
	tests := []struct {
		name    string
		machine memory.Machine
		want    *Repository
	}{
		{"none", memory.Machine{Files: map[string]string{"/srv/shop/app.py": ""}}, nil},
		{"a bare one's work tree elsewhere", memory.Machine{Files: map[string]string{"/srv/shop/app.py": "", "/srv/shop.git/HEAD": ""}}, nil},
		{"a .git that is none", memory.Machine{Files: map[string]string{"/srv/shop/.git/description": "", "/srv/shop/.git.bak/HEAD": ""}}, nil},
		{
			"loose before packed", git(map[string]string{"/srv/shop/.git/packed-refs": "# pack-refs with: peeled\n" + commitB + " refs/heads/main\n"}),
			&Repository{Branch: "main", Commit: commitA},
		},
		{"an upstream of another name", git(map[string]string{
			"/srv/shop/.git/config":                        "[core]\n\tbare = false\n[branch \"Main\"]\n\tremote = no\n[branch \"main\"]\n\tremote = upstream ; ours\n\tMerge = refs/heads/release/2\n[x]\nremote=z\n",
			"/srv/shop/.git/refs/remotes/origin/main":      commitB,
			"/srv/shop/.git/refs/remotes/upstream/release": "",
			"/srv/shop/.git/packed-refs":                   commitC + " refs/remotes/upstream/release/2\n^" + commitA + "\n",
		}), &Repository{Branch: "main", Commit: commitA, Upstream: commitC, UpstreamRef: "refs/remotes/upstream/release/2"}},
		{
			"no configuration", git(map[string]string{"/srv/shop/.git/refs/remotes/origin/main": commitB}),
			&Repository{Branch: "main", Commit: commitA, Upstream: commitB, UpstreamRef: "refs/remotes/origin/main"},
		},
		{"no commit yet", memory.Machine{Files: map[string]string{"/srv/shop/.git/HEAD": "ref: refs/heads/main\n"}}, &Repository{Branch: "main"}},
		{"detached", git(map[string]string{"/srv/shop/.git/HEAD": commitB + "\n"}), &Repository{Commit: commitB}},
		{"SHA-256", git(map[string]string{"/srv/shop/.git/HEAD": strings.Repeat("ab", 32) + "\n"}), &Repository{Commit: strings.Repeat("ab", 32)}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if test.want != nil {
				test.want.Directory, test.want.GitDirectory = "/srv/shop", "/srv/shop/.git"
			}
			got, err := FindRepository(t.Context(), test.machine, "/srv/shop")
			if diff := cmp.Diff(test.want, got); diff != "" || err != nil {
				t.Errorf("%v (-want +got)\n%s", err, diff)
			}
		})
	}
}

// Whatever a repository's files hold, nothing outside it is read and nothing is guessed.
func TestFindRepositoryRefuses(t *testing.T) {
	for name, head := range map[string]string{
		"leads out": "ref: ../../../etc/passwd", "leads in a circle": "ref: HEAD", "is empty": "", "is a reftable": "ref: refs/heads/.invalid",
	} {
		machine := memory.Machine{Files: map[string]string{"/srv/.git/HEAD": head}}
		if repository, err := FindRepository(t.Context(), machine, "/srv"); err == nil {
			t.Errorf("HEAD %s: got %+v", name, repository)
		}
	}
	machine := memory.Machine{Files: map[string]string{"/srv/.git/HEAD": "x"}, Denied: []string{"/srv/.git"}}
	if _, err := FindRepository(t.Context(), machine, "/srv"); !errors.Is(err, fs.ErrPermission) {
		t.Errorf("what may not be read is not absent: %v", err)
	}
}

func TestFindRepositoryWithLongLog(t *testing.T) {
	line := commitA + " " + commitB + " A <a@b> 1700000000 +0000\tcommit: x\n"
	log := strings.Repeat(line, logLimit/len(line)+2) + commitB + " " + commitC + " A <a@b> 1800000000 +0000\tcommit: newest\n"
	machine := memory.Machine{Files: map[string]string{"/srv/.git/HEAD": commitB, "/srv/.git/logs/HEAD": log}}
	repository, err := FindRepository(t.Context(), machine, "/srv")
	if err != nil || len(repository.Log) != reflogEntries || repository.Log[reflogEntries-1].Action != "commit: newest" {
		t.Errorf("got %v, %v", repository, err)
	}
}

func TestCommitAt(t *testing.T) {
	log := fmt.Sprintf("%040d %s A. U. Thor <a@b> 1700000000 +0200\tcommit (initial): x\n%s %s > < <> 1700000100 -0500\tpull: Fast-forward\nrubbish\n%s %s a <b> 1700000200 +0000\n",
		0, commitA, commitA, commitB, commitB, commitC)
	entries, err := ParseReflog(strings.NewReader(log))
	if err != nil || len(entries) != 3 {
		t.Fatal(entries, err)
	}
	repository := Repository{Log: entries}
	for at, want := range map[time.Time]string{
		time.Unix(1699999999, 0):         "",
		time.Unix(1700000000, 0):         commitA,
		time.Unix(1700000099, 999999999): commitA,
		time.Unix(1700000100, 500000000): commitB,
		time.Unix(1900000000, 0):         commitC,
	} {
		if got := repository.CommitAt(at); got != want {
			t.Errorf("at %v: %q, want %q", at.Unix(), got, want)
		}
	}
	if entries[1].Action != "pull: Fast-forward" || entries[1].Old != commitA {
		t.Errorf("got %+v", entries[1])
	}
}

func TestParseReflogKeepsTheLast(t *testing.T) {
	var log strings.Builder
	for second := range 500 {
		fmt.Fprintf(&log, "%s %s A <a@b> %d +0000\tcommit: %d\n", commitA, commitB, 1700000000+second, second)
	}
	entries, err := ParseReflog(strings.NewReader(log.String()))
	if err != nil || len(entries) != 200 || entries[199].Action != "commit: 499" || entries[0].Action != "commit: 300" {
		t.Errorf("%d entries, %v", len(entries), err)
	}
}

func FuzzFindRepository(f *testing.F) {
	f.Add("ref: refs/heads/main", commitA+" refs/heads/main\n", "[branch \"main\"]\nremote = \"o\"\nmerge = refs/heads/x", commitA+" "+commitB+" A <a> 1 +0\tx")
	f.Add("ref: refs", "^", "[branch \"", "\t")
	f.Fuzz(func(t *testing.T, head, packed, config, log string) {
		machine := memory.Machine{Files: map[string]string{
			"/r/.git/HEAD": head, "/r/.git/packed-refs": packed, "/r/.git/config": config, "/r/.git/logs/HEAD": log,
		}}
		repository, err := FindRepository(t.Context(), machine, "/r")
		if err == nil && repository.Commit != "" && !isCommit(repository.Commit) {
			t.Errorf("%q is no commit", repository.Commit)
		}
	})
}
