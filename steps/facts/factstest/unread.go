package factstest

import (
	"reflect"
	"strings"

	"flasktui/steps/facts"
)

// IsFact tells a facts.Fact of whatever it holds.
func IsFact(of reflect.Type) bool {
	return of.Kind() == reflect.Struct && of.PkgPath() == reflect.TypeFor[facts.Fact[int]]().PkgPath() && strings.HasPrefix(of.Name(), "Fact[")
}

// Unread is a fact that could not be had.
func Unread(fact reflect.Value) reflect.Value {
	missing := reflect.New(fact.Type()).Elem()
	missing.FieldByName("Why").SetString(string(facts.WhyFailed))
	missing.FieldByName("Problem").SetString("it could not be read")
	missing.FieldByName("Source").Set(fact.FieldByName("Source"))
	return missing
}
