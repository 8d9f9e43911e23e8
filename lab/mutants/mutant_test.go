package main

import (
	"go/parser"
	"go/token"
	"strings"
	"testing"
)

// TestEachConditionHasItsSwitches, and the file with them still is a program.
func TestEachConditionHasItsSwitches(t *testing.T) {
	const text = `package x

func f(a, b, c bool, n int) bool {
	if known := a; known && (b || n > 2) {
		return true
	}
	switch {
	case n == 3:
		return false
	}
	for n < 4 {
		n++
	}
	return b && !c
}
`
	found, err := switchable("/steps/x.go", []byte(text), 5)
	if err != nil {
		t.Fatal(err)
	}
	for name, program := range map[string][]byte{"the file": found.switched, "what it is given": switchFile("x")} {
		if _, err := parser.ParseFile(token.NewFileSet(), "", program, 0); err != nil {
			t.Errorf("%s: %v\n%s", name, err, program)
		}
	}
	var all strings.Builder
	for index, one := range found.mutants {
		if one.number != 5+index {
			t.Errorf("%s is number %d", one, one.number)
		}
		all.WriteString(one.String() + "\n")
	}
	const want = `steps/x.go:4: negated: known && (b || n > 2)
steps/x.go:4: dropped: known
steps/x.go:4: dropped: b
steps/x.go:4: dropped: n > 2
steps/x.go:8: negated: n == 3
steps/x.go:8: dropped: n == 3
steps/x.go:14: negated: b && !c
steps/x.go:14: dropped: b
steps/x.go:14: dropped: !c
`
	if all.String() != want {
		t.Errorf("%s", all.String())
	}
	for _, part := range []string{
		"if known := a; mutantFlips(5, mutantGrants(6, known) && (mutantDenies(7, b) || mutantDenies(8, n > 2))) {",
		"case mutantFlips(9, mutantDenies(10, n == 3)):",
		"for n < 4 {",
		"return mutantFlips(11, mutantGrants(12, b) && mutantGrants(13, !c))",
	} {
		if !strings.Contains(string(found.switched), part) {
			t.Errorf("there is no %s in\n%s", part, found.switched)
		}
	}
}
