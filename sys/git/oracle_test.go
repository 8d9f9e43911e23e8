package git

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"

	gogit "github.com/go-git/go-git/v5/plumbing/format/index"
	"github.com/google/go-cmp/cmp"
)

// theirs is what go-git reads of an index: the names of contents by path, and whether it has a
// valid tree of its whole self.
func theirs(content []byte) (contents map[string]string, whole bool, err error) {
	var read gogit.Index
	if err := gogit.NewDecoder(bytes.NewReader(content)).Decode(&read); err != nil {
		return nil, false, err
	}
	contents = map[string]string{}
	for _, entry := range read.Entries {
		if entry.Stage == 0 { // go-git's own name for it, Merged, is another number.
			contents[entry.Name] = entry.Hash.String()
		}
	}
	if read.Cache != nil {
		for _, tree := range read.Cache.Entries {
			whole = whole || tree.Path == "" && tree.Entries >= 0
		}
	}
	return contents, whole, nil
}

// TestIndexAsGoGitReadsIt: of real repositories in every state that a deploy leaves one in,
// both readers see the same.
func TestIndexAsGoGitReadsIt(t *testing.T) {
	t.Parallel()
	for name, states := range map[string][][]string{
		"as committed":            {{"status"}},
		"a file staged":           {{"mv", "wsgi.py", "app.py"}},
		"long names":              {{"mv", "shop/web.py", "shop/" + string(bytes.Repeat([]byte("x"), 200)) + ".py"}, {"commit", "-qm", "two"}},
		"to be added":             {{"rm", "-q", "--cached", "wsgi.py"}, {"add", "--intent-to-add", "wsgi.py"}},
		"not in the working tree": {{"sparse-checkout", "set", "shop"}, {"read-tree", "HEAD"}},
		"assumed unchanged":       {{"update-index", "--assume-unchanged", "shop/x"}, {"update-index", "--skip-worktree", "wsgi.py"}},
		"watched":                 {{"config", "core.untrackedCache", "true"}, {"update-index", "--untracked-cache"}, {"status"}},
		"nothing left":            {{"rm", "-qr", "."}, {"commit", "-qm", "none"}, {"read-tree", "HEAD"}},
	} {
		directory, git := checkout(t)
		for _, state := range states {
			git(state...)
		}
		for _, version := range []string{"2", "4"} {
			git("update-index", "--index-version", version)
			content, err := os.ReadFile(filepath.Join(directory, ".git", "index"))
			if err != nil {
				t.Fatal(err)
			}
			want, whole, err := theirs(content)
			if err != nil {
				t.Fatalf("%s, version %s: go-git: %v", name, version, err)
			}
			got, err := ParseIndex(content)
			switch {
			case !whole && !errors.Is(err, ErrStaged):
				t.Errorf("%s, version %s: go-git sees no whole tree, and: %v", name, version, err)
			case whole && err != nil:
				t.Errorf("%s, version %s: go-git sees a whole tree, and: %v", name, version, err)
			case whole && !cmp.Equal(want, got):
				t.Errorf("%s, version %s: (-go-git +ours)\n%s", name, version, cmp.Diff(want, got))
			}
		}
	}
}
