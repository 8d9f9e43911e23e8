package git

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"flasktui/sys"
)

// checkout makes a real repository with two commits.
func checkout(t *testing.T) (directory string, git func(words ...string)) {
	t.Helper()
	directory = t.TempDir()
	git = func(words ...string) {
		t.Helper()
		command := exec.CommandContext(t.Context(), "git", append([]string{"-C", directory, "-c", "user.name=T", "-c", "user.email=t@localhost"}, words...)...)
		command.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_SYSTEM=/dev/null")
		if out, err := command.CombinedOutput(); err != nil {
			t.Fatalf("git %s: %v\n%s", strings.Join(words, " "), err, out)
		}
	}
	git("init", "-q")
	for name, text := range map[string]string{"wsgi.py": "a\n", "shop/web.py": "b\n", "shop/web_more.py": "c\n", "shop/x": ""} {
		name = filepath.Join(directory, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(name), 0o755), os.WriteFile(name, []byte(text), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	git("add", "-A")
	git("commit", "-q", "-m", "one")
	return directory, git
}

func TestCommittedContents(t *testing.T) {
	for _, version := range []string{"2", "4"} {
		directory, git := checkout(t)
		git("update-index", "--index-version", version)
		git("read-tree", "HEAD")
		repository := Repository{Directory: directory, GitDirectory: filepath.Join(directory, ".git")}
		contents, err := repository.CommittedContents(t.Context(), sys.NewLocal(sys.LocalOptions{}))
		if err != nil || len(contents) != 4 {
			t.Fatalf("version %s: %v, %v", version, contents, err)
		}
		for name, text := range map[string]string{"wsgi.py": "a\n", "shop/web.py": "b\n", "shop/web_more.py": "c\n", "shop/x": ""} {
			if contents[name] != BlobName([]byte(text)) {
				t.Errorf("version %s: %s is %q", version, name, contents[name])
			}
		}
		if err := os.WriteFile(filepath.Join(directory, "wsgi.py"), []byte("staged\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		git("add", "wsgi.py")
		if contents, err := repository.CommittedContents(t.Context(), sys.NewLocal(sys.LocalOptions{})); !errors.Is(err, ErrStaged) {
			t.Errorf("version %s: with something staged: %v, %v", version, contents, err)
		}
		git("commit", "-q", "-m", "two")
		git("checkout", "-q", "--detach", "HEAD~1")
		git("checkout", "-q", "-")
		if contents, err := repository.CommittedContents(t.Context(), sys.NewLocal(sys.LocalOptions{})); err != nil || contents["wsgi.py"] != BlobName([]byte("staged\n")) {
			t.Errorf("version %s: there and back again: %v, %v", version, contents, err)
		}
	}
}

func FuzzParseGitIndex(f *testing.F) {
	f.Add([]byte("DIRC\x00\x00\x00\x02\x00\x00\x00\x01"))
	f.Fuzz(func(t *testing.T, content []byte) {
		index := index{version: 2 + uint32(len(content)%3), rest: content, contents: map[string]string{}}
		for index.entry() {
			if len(index.contents) > len(content) {
				t.Fatal("more entries than bytes")
			}
		}
		index.hasWholeTree()
		if contents, err := ParseIndex(content); err == nil && len(contents) > len(content) {
			t.Errorf("%d files of %d bytes", len(contents), len(content))
		}
	})
}
