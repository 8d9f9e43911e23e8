package steps_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"flasktui/steps"
)

// mayName are the sources that name by id what stands in another file, with the id and the
// reason.
var mayName = map[string]string{
	"ui/cli/explain.go symlink-not-switched":   "an example in its help",
	"ui/cli/fix.go nginx-reload":               "an example in its help",
	"ui/cli/practice.go nginx-wrong-upstream":  "an example in its help",
	"ui/cli/practice.go symlink-not-switched":  "an example in its help",
	"ui/cli/practice.go service-not-restarted": "the story that practice begins with is called as the cause that it shows",
	"steps/facts/walk.go static":               "the directory in which Flask looks for static files",
	"steps/facts/releases.go rollback":         "a link's own name, which people give it",
}

// ownFiles are the files in which the causes, steps, fixes and groups of facts stand, by id.
// A step and a fix may have the same name.
func ownFiles(t *testing.T) map[string][]string {
	t.Helper()
	files := map[string][]string{}
	file := func(id, room, prefix string) {
		files[id] = append(files[id], "steps/"+room+"/"+prefix+strings.ReplaceAll(id, "-", "_")+".go")
	}
	for _, cause := range steps.Causes() {
		file(cause.ID, "causes", "")
	}
	for _, fix := range steps.Fixes() {
		file(fix.ID, "fixes", "")
	}
	for _, step := range steps.All() {
		file(step.ID, "walk", fmt.Sprintf("step%02d_", step.Number))
	}
	for id, name := range groupFiles(t) {
		files[id] = append(files[id], name)
	}
	return files
}

// groupFiles are the files of the groups of facts, by their names: each is a function beside
// its reader.
func groupFiles(t *testing.T) map[string]string {
	t.Helper()
	files := map[string]string{}
	for name, file := range sources(t, "steps/facts") {
		for _, declared := range file.Decls {
			function, ok := declared.(*ast.FuncDecl)
			if !ok || !strings.HasPrefix(function.Name.Name, "Group") {
				continue
			}
			ast.Inspect(function, func(node ast.Node) bool {
				if pair, ok := node.(*ast.KeyValueExpr); ok && isField(pair.Key, "name") {
					files[literal(pair.Value)] = name
				}
				return true
			})
		}
	}
	if len(files) < 10 {
		t.Errorf("only %d groups of facts were found", len(files))
	}
	return files
}

// sources are the parsed Go files of a room and of all rooms in it, but for tests.
func sources(t *testing.T, room string) map[string]*ast.File {
	t.Helper()
	const root = "../"
	files := map[string]*ast.File{}
	err := filepath.WalkDir(root+room, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go") {
			return err
		}
		files[strings.TrimPrefix(filepath.ToSlash(name), root)], err = parser.ParseFile(token.NewFileSet(), name, nil, 0)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// TestOnlyItsOwnFileNamesIt: whoever wants to know something of a cause, a step, a fix or a
// group of facts asks its value, so that a new one is one file and a forgotten list cannot be.
func TestOnlyItsOwnFileNamesIt(t *testing.T) {
	t.Parallel()
	own, used, seen := ownFiles(t), map[string]bool{}, map[string]bool{}
	for _, room := range []string{"steps", "ui"} {
		for name, file := range sources(t, room) {
			for _, id := range namedIn(file, own) {
				switch {
				case slices.Contains(own[id], name):
					seen[id+" "+name] = true
				case mayName[name+" "+id] != "":
					used[name+" "+id] = true
				default:
					t.Errorf("%s names %s, which %s alone should", name, id, strings.Join(own[id], " or "))
				}
			}
		}
	}
	for id, names := range own {
		for _, name := range names {
			if !seen[id+" "+name] {
				t.Errorf("%s is not in %s", id, name)
			}
		}
	}
	for place := range mayName {
		if !used[place] {
			t.Errorf("%s: it is not named there any more", place)
		}
	}
}

// namedIn are the ids that a source names in its strings. An id of several words is found in
// any string. One that is a word for other things, too (systemd's daemon-reload, a program
// called nginx), is found where it can only be an id: as the value of a field or a map that
// holds ids, compared with something, or looked up. What a page says, it may say of any: it
// is read by people, who can type the name.
func namedIn(file *ast.File, own map[string][]string) []string {
	var ids []string
	take := func(expressions ...ast.Expr) {
		for _, expression := range expressions {
			if id := literal(expression); own[id] != nil {
				ids = append(ids, id)
			}
		}
	}
	ast.Inspect(file, func(node ast.Node) bool {
		switch node := node.(type) {
		case *ast.CompositeLit:
			return !isPage(node.Type)
		case *ast.KeyValueExpr:
			if _, isField := node.Key.(*ast.Ident); !isField {
				take(node.Key)
			}
			for _, field := range []string{"ID", "name", "Fix", "Fixes", "Step", "Cause", "Causes", "Group"} {
				if isField(node.Key, field) {
					take(node.Value)
					take(elements(node.Value)...)
				}
			}
		case *ast.AssignStmt:
			for index, left := range node.Lhs {
				if field, ok := left.(*ast.SelectorExpr); ok && field.Sel.Name == "Fixes" && index < len(node.Rhs) {
					take(elements(node.Rhs[index])...)
				}
			}
		case *ast.BinaryExpr:
			// A word of a command is compared by its place.
			if !isElement(node.X) && !isElement(node.Y) {
				take(node.X, node.Y)
			}
		case *ast.CaseClause:
			take(node.List...)
		case *ast.IndexExpr:
			take(node.Index)
		case *ast.CallExpr:
			if looksUp(node.Fun) {
				take(node.Args...)
			}
		case *ast.BasicLit:
			for _, word := range strings.FieldsFunc(literal(node), func(r rune) bool { return r != '-' && (r < 'a' || r > 'z') }) {
				if own[word] != nil && strings.Contains(word, "-") && word != "daemon-reload" {
					ids = append(ids, word)
				}
			}
		}
		return true
	})
	return ids
}

// literal is what a string says; empty for what is none, and for a field's tag.
func literal(expression ast.Expr) string {
	basic, ok := expression.(*ast.BasicLit)
	if !ok || basic.Kind != token.STRING {
		return ""
	}
	text, err := strconv.Unquote(basic.Value)
	if err != nil {
		return ""
	}
	return text
}

func elements(expression ast.Expr) []ast.Expr {
	if composite, ok := expression.(*ast.CompositeLit); ok {
		return composite.Elts
	}
	return nil
}

func isField(key ast.Expr, name string) bool {
	field, ok := key.(*ast.Ident)
	return ok && field.Name == name
}

func isElement(expression ast.Expr) bool {
	_, ok := expression.(*ast.IndexExpr)
	return ok
}

func isPage(kind ast.Expr) bool {
	selected, ok := kind.(*ast.SelectorExpr)
	return ok && selected.Sel.Name == "Page"
}

// looksUp tells whether a function is given ids to find something by.
func looksUp(function ast.Expr) bool {
	name := ""
	switch function := function.(type) {
	case *ast.Ident:
		name = function.Name
	case *ast.SelectorExpr:
		name = function.Sel.Name
	}
	return slices.Contains([]string{"ByID", "StepPage", "CausePage", "FixPage", "Plan", "Has", "Took"}, name)
}

// TestAnIDIsSeen where it names something, and a word where it does not.
func TestAnIDIsSeen(t *testing.T) {
	t.Parallel()
	own := ownFiles(t)
	for body, want := range map[string]string{
		`if fix.ID != "hup" {}`:                                           "hup",
		`switch step.ID { case "nginx", "caches": }`:                      "nginx caches",
		`_ = map[string]int{"restart": 1}`:                                "restart",
		`_ = report.Finding{Fixes: []string{"restart"}}`:                  "restart",
		`finding.Fixes = []string{"restart", "docker-up"}`:                "restart docker-up docker-up",
		`fix, _ := fixes.ByID("restart")`:                                 "restart",
		`b.Has("code")`:                                                   "code",
		`_ = patience["hup"]`:                                             "hup",
		`say("use docker-up.")`:                                           "docker-up",
		`_ = strings.HasPrefix(id, "service-not-restarted")`:              "service-not-restarted",
		`if argv[0] == "nginx" {}`:                                        "",
		`run("systemctl", "restart", unit)`:                               "",
		`_ = []string{"systemctl", "daemon-reload"}`:                      "",
		`say("nginx reads the environment of the containers")`:            "",
		`_ = guide.Page{When: "see docker-up", See: []string{"restart"}}`: "",
	} {
		file, err := parser.ParseFile(token.NewFileSet(), "", "package p\nfunc f() {\n"+body+"\n}", 0)
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(namedIn(file, own), " "); got != want {
			t.Errorf("%s names %q, want %q", body, got, want)
		}
	}
}
