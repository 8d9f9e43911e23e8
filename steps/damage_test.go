package steps_test

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"runtime/debug"
	"slices"
	"strings"

	"flasktui/steps"
	"flasktui/steps/facts"
	"flasktui/steps/facts/factstest"
	"flasktui/steps/report"
)

// place is one fact, or one list, somewhere in the facts of a box.
type place struct {
	// path names its fields: "Processes.Gunicorns[].Workers".
	path  string
	value reflect.Value
}

// placesIn finds every fact, and every list of such as have parts, below a value.
func placesIn(value reflect.Value, path string, visit func(place)) {
	switch value.Kind() {
	case reflect.Pointer:
		if !value.IsNil() {
			placesIn(value.Elem(), path, visit)
		}
	case reflect.Struct:
		if factstest.IsFact(value.Type()) {
			visit(place{path, value})
			placesIn(value.FieldByName("Value"), path, visit)
			return
		}
		for index := range value.NumField() {
			if field := value.Type().Field(index); field.IsExported() {
				placesIn(value.Field(index), strings.TrimPrefix(path+"."+field.Name, "."), visit)
			}
		}
	case reflect.Slice:
		if value.Type().Elem().Kind() != reflect.Struct || value.Type().Elem() == reflect.TypeFor[facts.Reading]() {
			return // Words, or the look's own notes.
		}
		visit(place{path, value})
		for index := range value.Len() {
			placesIn(value.Index(index), path+"[]", visit)
		}
	}
}

// damaged judges the facts with a value in place of another, and leaves them as they were.
// Whatever is missing is judged; a panic is told by its words.
func damaged(known *facts.Facts, at, with reflect.Value) (report report.Report, panicked string) {
	was := reflect.ValueOf(at.Interface())
	at.Set(with)
	defer at.Set(was)
	defer func() {
		if fault := recover(); fault != nil {
			panicked = fmt.Sprintf("panic: %v\n%s", fault, debug.Stack())
		}
	}()
	return steps.JudgeOf(known), ""
}

// without is a list that lacks one of its elements.
func without(list reflect.Value, index int) reflect.Value {
	shorter := reflect.MakeSlice(list.Type(), 0, list.Len())
	shorter = reflect.AppendSlice(shorter, list.Slice(0, index))
	return reflect.AppendSlice(shorter, list.Slice(index+1, list.Len()))
}

func shuffled(list reflect.Value, random *rand.Rand) reflect.Value {
	other := reflect.MakeSlice(list.Type(), 0, list.Len())
	order := random.Perm(list.Len())
	if slices.IsSorted(order) {
		slices.Reverse(order)
	}
	for _, index := range order {
		other = reflect.Append(other, list.Index(index))
	}
	return other
}
