package causes

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"flasktui/steps/report"
)

// mayName are the sources that name causes by their ids for now, each with the reason.
var mayName = map[string]string{
	"steps/guide/steps_disk.go":    "a step's page says in its text which cause to read of; the guide knows no cause",
	"steps/guide/steps_process.go": "as the one above",
	"ui/cli/explain.go":            "an example in its help",
	"ui/cli/practice.go":           "the story that practice begins with is called as the cause that it shows",
}

// TestOnlyItsOwnFileNamesACause: whoever wants to know something of a cause asks its value,
// so that a new one is one file and a forgotten list cannot be.
func TestOnlyItsOwnFileNamesACause(t *testing.T) {
	t.Parallel()
	const root = "../../"
	used := map[string]bool{}
	for _, room := range []string{"steps", "ui"} {
		err := filepath.WalkDir(root+room, func(name string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() || filepath.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go") {
				return err
			}
			name = strings.TrimPrefix(filepath.ToSlash(name), root)
			for _, id := range causesNamed(t, root+name) {
				allowed := name == fileOf(id)
				if mayName[name] != "" {
					allowed, used[name] = true, true
				}
				if !allowed {
					t.Errorf("%s names %s, which %s alone should", name, id, fileOf(id))
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for place := range mayName {
		if !used[place] {
			t.Errorf("%s names no cause any more: take it from the list", place)
		}
	}
}

// TestACauseIsOneFile, and says all that is to be known of it without a box.
func TestACauseIsOneFile(t *testing.T) {
	t.Parallel()
	hops := []string{report.HopURL, report.HopCache, report.HopNginx, report.HopSocket, report.HopMaster, report.HopWorkers, report.HopUnit, report.HopDirectory, report.HopRelease}
	for _, kind := range All() {
		if _, err := os.Stat(filepath.Base(fileOf(kind.ID))); err != nil || !slices.Contains(causesNamed(t, filepath.Base(fileOf(kind.ID))), kind.ID) {
			t.Errorf("%s is not in %s: %v", kind.ID, fileOf(kind.ID), err)
		}
		if kind.Title == "" || kind.Step == 0 || kind.find == nil || kind.Claim == "" || !slices.Contains(hops, kind.Hop) {
			t.Errorf("%s has gaps: %+v", kind.ID, kind)
		}
		for _, root := range kind.under {
			if Of(report.Finding{ID: root().ID}).ID == "" || root().ID == kind.ID {
				t.Errorf("%s is folded under %q", kind.ID, root().ID)
			}
		}
	}
}

func fileOf(id string) string { return "steps/causes/" + strings.ReplaceAll(id, "-", "_") + ".go" }

// causesNamed are the ids of causes in the strings of a source, but for what a page says to
// read next: any page may be that.
func causesNamed(t *testing.T, name string) []string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	ast.Inspect(file, func(node ast.Node) bool {
		if pair, ok := node.(*ast.KeyValueExpr); ok {
			if key, ok := pair.Key.(*ast.Ident); ok && key.Name == "See" {
				return false
			}
		}
		literal, ok := node.(*ast.BasicLit)
		if !ok || literal.Kind != token.STRING {
			return true
		}
		text, err := strconv.Unquote(literal.Value)
		if err != nil {
			t.Fatal(err)
		}
		words := strings.FieldsFunc(text, func(r rune) bool { return r != '-' && (r < 'a' || r > 'z') })
		for _, kind := range All() {
			if slices.Contains(words, kind.ID) {
				ids = append(ids, kind.ID)
			}
		}
		return true
	})
	return ids
}
