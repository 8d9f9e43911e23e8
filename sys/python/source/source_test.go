package source

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Python's own tokenizer is asked about its own library. It counts characters where its
// compiler counts bytes, so lines with others than ASCII are left out; so are formatted
// strings, which it takes apart since 3.12.
func TestTokensAreThoseOfPython(t *testing.T) {
	t.Parallel()
	const script = `
import io, sys, sysconfig, tokenize, pathlib
for path in sorted(pathlib.Path(sysconfig.get_path("stdlib")).glob("[a-h]*.py")):
    text = path.read_bytes()
    if not text.isascii() or b'f"' in text or b"f'" in text or b"\f" in text:
        continue
    print("FILE", path)
    for t in tokenize.tokenize(io.BytesIO(text).readline):
        if t.type in (tokenize.NAME, tokenize.NUMBER, tokenize.STRING, tokenize.OP):
            print(*t.start, *t.end)`
	output, err := exec.Command("python3", "-c", script).Output() //nolint:noctx // it ends by itself
	if err != nil {
		t.Fatalf("the tests need python3: %v", err)
	}
	files := strings.Split(string(output), "FILE ")[1:]
	if len(files) < 10 {
		t.Fatalf("only %d files", len(files))
	}
	for _, file := range files {
		name, want, _ := strings.Cut(file, "\n")
		content, err := os.ReadFile(filepath.Clean(name))
		if err != nil {
			t.Fatal(err)
		}
		var got strings.Builder
		for _, token := range Tokens(content) {
			if token.Kind != LineEnd {
				fmt.Fprintln(&got, token.Line, token.Column, token.EndLine, token.EndColumn)
			}
		}
		if diff := cmp.Diff(strings.Split(want, "\n"), strings.Split(got.String(), "\n")); diff != "" {
			t.Errorf("%s:\n%.600s", name, diff)
		}
	}
}

func TestWords(t *testing.T) {
	t.Parallel()
	const file = `
import os
VERSION = "module level"

@app.route("/decorator")
def index(request, *args, limit: "annotation" = 5, **options) -> Returned:
    """docstring"""
    local: Annotated = os.path.join("kept", "a" "b")
    only: Annotation
    assert request, "asserted"
    print(f"formatted {inside}", "%s folded" % local, b"bytes", "back\\slash")
    import dotted.name as alias
    return {"key": "value", "late": local}
    "never reached"

if VERSION:
    def perhaps():
        return "in a branch"

class Shop:
    field: Annotated = "class level"
    def total(self):
        if False:
            return "dead"

    async def open(self):
        def inner():
            return "deep"
        return inner
`
	var got []string
	functions := Functions(Tokens([]byte(file)))
	for _, word := range Words(functions) {
		got = append(got, fmt.Sprint(word.Line, " ", word.Function, " ", word.Text))
	}
	slices.Sort(got)
	want := []string{
		"13 index key", "13 index late", "13 index local", "13 index value", "5 index index", "5 index request", "5 index args", "5 index limit",
		"5 index options", "8 index join", "8 index kept", "8 index local", "8 index os", "8 index path", "11 index local", "11 index print",
		"12 index alias", "26 Shop.open open", "26 Shop.open self", "27 Shop.open.<locals>.inner inner", "28 Shop.open.<locals>.inner deep",
		"29 Shop.open inner",
	}
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestModuleWords(t *testing.T) {
	t.Parallel()
	const file = `
EDITION = "spring"
TWICE = "first"
TWICE = "second"
MODE = os.environ.get("MODE", "sale")
GONE = "deleted"
del GONE
if MODE:
    BRANCH = "perhaps"
def f():
    global CHANGED
    CHANGED = "later"
CHANGED = "now"
`
	words := ModuleWords(Tokens([]byte(file)))
	if len(words) != 1 || words[0].Text != "spring" || words[0].Line != 2 || words[0].Function != "EDITION" {
		t.Errorf("%+v", words)
	}
	if words := ModuleWords(Tokens([]byte("from x import *\nEDITION = 'spring'\n"))); len(words) != 0 {
		t.Errorf("beside a star import: %+v", words)
	}
}

func TestNumbers(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		"return price * 2":                       "2",
		"return 2 * price":                       "",
		"return 60 * 60":                         "",
		"return price * 60 * 24":                 "",
		"return -1":                              "",
		"return price - 1":                       "1",
		"return f(1, 2.5, key=0x10)":             "1 2.5 0x10",
		"return (1) + 2":                         "",
		"return x in {1, 2}":                     "",
		"return [y * 3 for y in z]":              "",
		"return x if x > 1_000 else 7":           "",
		"x: int = 5":                             "5",
		"assert x == 3":                          "",
		"x = 1; y = 2":                           "",
		"return 10j":                             "",
		"return 99999999999999999999999999":      "",
		"return (lambda: 5)()":                   "",
		"while limit < 30:\n        limit += 31": "30 31",
	} {
		functions := Functions(Tokens([]byte("def f(x):\n    " + body + "\n")))
		var got []string
		for _, number := range Numbers(functions[0]) {
			got = append(got, number.Text)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: %q, want %q", body, got, want)
		}
	}
}

func FuzzFunctions(f *testing.F) {
	f.Add([]byte("@a\nasync def f(x, *, y=1): return f'{x!r:{y}}'\nclass C:\n\tdef g(self):\n\t\tif 1: pass\n"))
	f.Add([]byte("def f[T: (int, str)](a: T = (1,), /):\\\n  return '''\n''' \"\"\"x"))
	f.Fuzz(func(t *testing.T, file []byte) {
		tokens := Tokens(file)
		functions := Functions(tokens)
		Words(functions)
		for _, function := range functions {
			Numbers(function)
			if function.FirstLine < 1 || function.Name == "" {
				t.Errorf("function %+v", function)
			}
		}
		for _, token := range tokens {
			if token.Column < 0 || token.EndLine < token.Line {
				t.Errorf("token %+v", token)
			}
		}
	})
}
