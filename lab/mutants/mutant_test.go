package main

import (
	"go/parser"
	"go/token"
	"strings"
	"testing"
)

// TestEachConditionIsChangedOnce, and each change still is a program.
func TestEachConditionIsChangedOnce(t *testing.T) {
	const source = `package x

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
	found, err := mutantsOf("/steps/x.go", []byte(source))
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, one := range found {
		if _, err := parser.ParseFile(token.NewFileSet(), "", one.changed, 0); err != nil {
			t.Errorf("%s: %v", one, err)
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
	for _, part := range []string{"(true || (known)) && (b || n > 2)", "known && ((false && (b)) || n > 2)", "case (false && (n == 3)):", "return !(b && !c)"} {
		if !strings.Contains(joined(found), part) {
			t.Errorf("nothing is changed to %s", part)
		}
	}
}

func joined(found []mutant) string {
	var all strings.Builder
	for _, one := range found {
		all.Write(one.changed)
	}
	return all.String()
}
