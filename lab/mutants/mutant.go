package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
)

// The kinds of mutants: a condition says the opposite, or it, or one operand of it, is not
// asked.
const (
	negated = iota
	dropped
	kinds
)

var kindNames = [kinds]string{"negated", "dropped"}

// mutant is a file with one condition changed.
type mutant struct {
	kind    int
	file    string
	line    int
	what    string
	changed []byte
}

func (m mutant) String() string {
	return fmt.Sprintf("%s/%s:%d: %s: %s", filepath.Base(filepath.Dir(m.file)), filepath.Base(m.file), m.line, kindNames[m.kind], m.what)
}

// mutantsOf finds all of a file. Of each condition there is one that is negated, and one
// for each operand that is left out; a condition of one operand is left out as a whole, so
// that what hangs on it never happens. Whatever is left out stands in the text still, and
// is never asked: a variable that is used nowhere would not build.
func mutantsOf(file string, text []byte) ([]mutant, error) {
	set := token.NewFileSet()
	parsed, err := parser.ParseFile(set, file, text, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	var found []mutant
	change := func(kind int, at ast.Expr, before, after string) {
		from, to := set.Position(at.Pos()).Offset, set.Position(at.End()).Offset
		words := string(text[from:to])
		found = append(found, mutant{
			kind: kind, file: file, line: set.Position(at.Pos()).Line, what: words,
			changed: slices.Concat(text[:from], []byte(before+words+after), text[to:]),
		})
	}
	for _, condition := range conditionsOf(parsed) {
		change(negated, condition, "!(", ")")
		operands := operandsOf(condition)
		if len(operands) == 0 {
			change(dropped, condition, "(false && (", "))")
		}
		for _, operand := range operands {
			if operand.operator == token.LAND {
				change(dropped, operand.of, "(true || (", "))")
			} else {
				change(dropped, operand.of, "(false && (", "))")
			}
		}
	}
	return found, nil
}

// conditionsOf are what decides: the conditions of if and switch, and every other
// expression that is made of several. Loops are left alone: they would not end.
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
	return conditions
}

// operand is one part of a condition, and what joins it to the others.
type operand struct {
	of       ast.Expr
	operator token.Token
}

// operandsOf takes a condition apart; one that is not made of several has none.
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
