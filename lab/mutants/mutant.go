package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
)

// The kinds of mutants: a condition says the opposite, or it, or one operand of it, is not
// asked.
const (
	negated = iota
	dropped
	kinds
)

var kindNames = [kinds]string{"negated", "dropped"}

// mutant is one condition that can be made to say otherwise. Its number is what it is
// switched on by.
type mutant struct {
	number int
	kind   int
	// room is the directory of the package that it stands in.
	room string
	file string
	line int
	what string
}

func (m mutant) String() string {
	return fmt.Sprintf("%s/%s:%d: %s: %s", filepath.Base(m.room), filepath.Base(m.file), m.line, kindNames[m.kind], m.what)
}

// source is a file with a switch at each of its conditions.
type source struct {
	path     string
	name     string // of its package
	switched []byte
	mutants  []mutant
}

// switchable finds all mutants of a file, the first of which has a number, and puts the
// switches in. Of each condition there is one that is negated, and one for each operand that
// is left out; a condition of one operand is left out as a whole, so that what hangs on it
// never happens.
func switchable(file string, text []byte, number int) (source, error) {
	set := token.NewFileSet()
	parsed, err := parser.ParseFile(set, file, text, parser.SkipObjectResolution)
	if err != nil {
		return source{}, err
	}
	found := source{path: file, name: parsed.Name.Name}
	at := func(expression ast.Expr) (from, end int) {
		return set.Position(expression.Pos()).Offset, set.Position(expression.End()).Offset
	}
	add := func(kind int, expression ast.Expr) int {
		from, end := at(expression)
		found.mutants = append(found.mutants, mutant{
			number: number + len(found.mutants), kind: kind, room: filepath.Dir(file), file: file,
			line: set.Position(expression.Pos()).Line, what: strings.Join(strings.Fields(string(text[from:end])), " "),
		})
		return number + len(found.mutants) - 1
	}
	var out strings.Builder
	done := 0
	upTo := func(end int) {
		out.Write(text[done:end])
		done = end
	}
	// around puts a switch around an expression.
	around := func(expression ast.Expr, function string, number int) {
		from, end := at(expression)
		upTo(from)
		fmt.Fprintf(&out, "%s(%d, ", function, number)
		upTo(end)
		out.WriteString(")")
	}
	for _, condition := range conditionsOf(parsed) {
		from, end := at(condition)
		upTo(from)
		fmt.Fprintf(&out, "%s(%d, ", flips, add(negated, condition))
		operands := operandsOf(condition)
		if len(operands) == 0 {
			around(condition, denies, add(dropped, condition))
		}
		for _, operand := range operands {
			if operand.operator == token.LAND {
				around(operand.of, grants, add(dropped, operand.of))
			} else {
				around(operand.of, denies, add(dropped, operand.of))
			}
		}
		upTo(end)
		out.WriteString(")")
	}
	upTo(len(text))
	found.switched = []byte(out.String())
	return found, nil
}

// conditionsOf are what decides, in the order of the file: the conditions of if and switch,
// and every other expression that is made of several. Loops are left alone: they would not
// end.
func conditionsOf(parsed *ast.File) []ast.Expr {
	var conditions []ast.Expr
	add := func(condition ast.Expr) {
		inside := func(outer ast.Expr) bool { return outer.Pos() <= condition.Pos() && condition.End() <= outer.End() }
		if condition != nil && !slices.ContainsFunc(conditions, inside) {
			conditions = append(conditions, condition)
		}
	}
	ast.Inspect(parsed, func(node ast.Node) bool {
		switch node := node.(type) {
		case *ast.IfStmt:
			add(node.Cond)
		case *ast.SwitchStmt:
			if node.Tag != nil {
				return true
			}
			for _, clause := range node.Body.List {
				if clause, is := clause.(*ast.CaseClause); is && len(clause.List) == 1 {
					add(clause.List[0])
				}
			}
		case *ast.BinaryExpr:
			if node.Op == token.LAND || node.Op == token.LOR {
				add(node)
			}
		}
		return true
	})
	slices.SortFunc(conditions, func(a, b ast.Expr) int { return int(a.Pos() - b.Pos()) })
	return conditions
}

// operand is one part of a condition, and what joins it to the others.
type operand struct {
	of       ast.Expr
	operator token.Token
}

// operandsOf takes a condition apart, in the order in which it is read; one that is not made
// of several has none.
func operandsOf(condition ast.Expr) []operand {
	switch condition := condition.(type) {
	case *ast.ParenExpr:
		return operandsOf(condition.X)
	case *ast.BinaryExpr:
		if condition.Op != token.LAND && condition.Op != token.LOR {
			return nil
		}
		var operands []operand
		for _, side := range []ast.Expr{condition.X, condition.Y} {
			if inner := operandsOf(side); len(inner) > 0 {
				operands = append(operands, inner...)
			} else {
				operands = append(operands, operand{side, condition.Op})
			}
		}
		return operands
	}
	return nil
}

// The environment by which a program that has switches is told which one is on, and where to
// write down for which ones it matters.
const (
	onVariable    = "MUTANT_ON"
	notesVariable = "MUTANTS_NOTES"
)

// The switches: one turns a condition round; the others leave an operand out, of which nothing
// more is asked than that it is true, or that it is not.
const (
	flips  = "mutantFlips"
	grants = "mutantGrants"
	denies = "mutantDenies"
)

// switchFile is what each package is given besides. A switch is noted where it would matter:
// an operand that is true anyway may be left out.
func switchFile(name string) []byte {
	return []byte(`package ` + name + `

import (
	"os"
	"strconv"
	"sync"
)

var (
	mutantOn, _ = strconv.Atoi(os.Getenv("` + onVariable + `"))
	mutantNotes = os.Getenv("` + notesVariable + `")
	mutantNoted sync.Map
)

func ` + flips + `(number int, value bool) bool {
	mutantMatters(number)
	return value != (number == mutantOn)
}

func ` + grants + `(number int, value bool) bool {
	if !value {
		mutantMatters(number)
	}
	return value || number == mutantOn
}

func ` + denies + `(number int, value bool) bool {
	if value {
		mutantMatters(number)
	}
	return value && number != mutantOn
}

func mutantMatters(number int) {
	if mutantNotes == "" {
		return
	}
	if _, noted := mutantNoted.LoadOrStore(number, true); noted {
		return
	}
	file, err := os.OpenFile(mutantNotes, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		panic(err)
	}
	if _, err := file.WriteString(strconv.Itoa(number) + "\n"); err != nil {
		panic(err)
	}
	_ = file.Close()
}
`)
}
