package licenses

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the licences of what is linked in now")

// module is what `go list -json` tells of one.
type module struct {
	Path, Version, Dir string
	Main               bool
}

// linked are the modules of which a package is in the program, on each system that it is built
// for.
func linked(t *testing.T) []module {
	t.Helper()
	var modules []module
	for _, system := range []string{"linux", "darwin"} {
		command := exec.CommandContext(t.Context(), "go", "list", "-deps", "-json=Module", "flasktui")
		command.Env = append(os.Environ(), "GOOS="+system, "CGO_ENABLED=0")
		listed, err := command.Output()
		if err != nil {
			t.Fatal(err)
		}
		for decoder := json.NewDecoder(bytes.NewReader(listed)); ; {
			var one struct{ Module *module }
			if err := decoder.Decode(&one); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatal(err)
			}
			if one.Module != nil && !one.Module.Main && !slices.Contains(modules, *one.Module) {
				modules = append(modules, *one.Module)
			}
		}
	}
	slices.SortFunc(modules, func(one, other module) int { return strings.Compare(one.Path, other.Path) })
	root, err := exec.CommandContext(t.Context(), "go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	return append([]module{{Path: "the Go standard library", Dir: strings.TrimSpace(string(root))}}, modules...)
}

// legal are the files in which a module says what may be done with it.
var legal = regexp.MustCompile(`(?i)^(licen[cs]e|copying|notice)([._-].*)?$`)

func TestTheLicencesAreThoseOfWhatIsLinkedIn(t *testing.T) {
	t.Parallel()
	var text strings.Builder
	for _, one := range linked(t) {
		entries, err := os.ReadDir(one.Dir)
		if err != nil {
			t.Fatal(err)
		}
		found := false
		for _, entry := range entries {
			if entry.IsDir() || !legal.MatchString(entry.Name()) || strings.HasSuffix(entry.Name(), ".go") {
				continue
			}
			content, err := os.ReadFile(filepath.Join(one.Dir, entry.Name()))
			if err != nil {
				t.Fatal(err)
			}
			found = true
			fmt.Fprintf(&text, "==== %s ====\n\n%s\n\n", strings.TrimSpace(one.Path+" "+one.Version), strings.TrimSpace(strings.ReplaceAll(string(content), "\r", "")))
		}
		if !found {
			t.Errorf("%s has no licence that could be found", one.Path)
		}
	}
	if *update {
		if err := os.WriteFile("LICENSES.txt", []byte(text.String()), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	if text.String() != Text {
		t.Error("LICENSES.txt is not of what is linked in now: make licenses")
	}
}
