package factstest

import (
	"crypto/sha256"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

// Flags of the tests that keep digests.
var (
	rewrite = flag.Bool("update", false, "write the digests of all that is told anew; make told shows what differs")
	toldIn  = flag.String("told", "", "write all that is told into files of this directory")
)

// Digests hold that not a word of some texts is another unnoticed. Each text has a name and a
// digest; the texts of two revisions are compared by `make told`, which a person reads before the
// digests are written anew with -update.
type Digests struct {
	// File keeps them: a line for each text, which begins with its name.
	File  string
	mutex sync.Mutex
	lines map[string]string
}

// Add enters a text. The remark stands beside the digest, for whoever reads the file.
func (all *Digests) Add(t *testing.T, name, remark, text string) {
	t.Helper()
	sum := fmt.Sprintf("%x", sha256.Sum256([]byte(text)))[:10]
	if *toldIn != "" {
		const longest = 200 // of a file's name, with room for what sets two of one beginning apart
		file := url.PathEscape(name)
		if len(file) > longest {
			file = file[:longest] + fmt.Sprintf("%x", sha256.Sum256([]byte(name)))[:8]
		}
		file = filepath.Join(*toldIn, strings.TrimSuffix(filepath.Base(all.File), ".txt"), file)
		if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o700), os.WriteFile(file, []byte(text), 0o600)); err != nil {
			t.Error(err)
		}
	}
	all.mutex.Lock()
	defer all.mutex.Unlock()
	if all.lines == nil {
		all.lines = map[string]string{}
	}
	if all.lines[name] != "" {
		t.Errorf("there are two texts of %s", name)
	}
	all.lines[name] = strings.TrimRight(name+": "+sum+" "+remark, " ")
}

// Kept are the lines of the file, by their names.
func (all *Digests) Kept(t *testing.T) map[string]string {
	t.Helper()
	saved, err := os.ReadFile(all.File)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	kept := map[string]string{}
	for line := range strings.Lines(string(saved)) {
		name, _, _ := strings.Cut(line, ":")
		kept[name] = strings.TrimSuffix(line, "\n")
	}
	return kept
}

// Settle compares what was added with the file.
func (all *Digests) Settle(t *testing.T) {
	t.Helper()
	was := all.Kept(t)
	var text strings.Builder
	for _, name := range slices.Sorted(maps.Keys(all.lines)) {
		text.WriteString(all.lines[name] + "\n")
		if all.lines[name] != was[name] && !*rewrite {
			t.Errorf("something is told otherwise (make told shows it; -update accepts it):\n%s\nwas\n%s", all.lines[name], was[name])
		}
	}
	for name := range was {
		if all.lines[name] == "" && !*rewrite {
			t.Errorf("%s is in %s, and there is no such text any more", name, all.File)
		}
	}
	if *rewrite {
		if err := os.WriteFile(all.File, []byte(text.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
