package factstest

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"flasktui/steps/facts"
)

// isOther stands in the name of a change before the value that something is.
const isOther = " is "

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

// visitChanges visits every value below one, with what it could be instead: each by itself, so
// that what hangs on it shows. Of a list the first element is changed and the last, and the list
// itself. A string or a number can be any other, and is visited with none for that.
func visitChanges(value reflect.Value, path string, now time.Time, visit func(path string, at, with reflect.Value)) {
	instead := func(what string, with any) {
		visit(path+what, value, reflect.ValueOf(with).Convert(value.Type()))
	}
	zero := func() {
		if !value.IsZero() {
			visit(path+" none", value, reflect.Zero(value.Type()))
		}
	}
	if _, isTime := value.Interface().(time.Time); isTime {
		zero()
		instead(" now", now)
		instead(" before", now.Add(-time.Hour))
		return
	}
	switch value.Kind() {
	case reflect.Bool:
		instead(fmt.Sprintf(" %t", !value.Bool()), !value.Bool())
	case reflect.String, reflect.Int, reflect.Int64, reflect.Uint64, reflect.Uint32, reflect.Int32:
		zero()
		visit(path+isOther, value, reflect.Zero(value.Type()))
	case reflect.Pointer:
		if value.IsNil() {
			visit(path+" empty", value, reflect.New(value.Type().Elem()))
			return
		}
		zero()
		visitChanges(value.Elem(), path, now, visit)
	case reflect.Map:
		zero()
	case reflect.Slice:
		zero()
		if value.Len() == 0 || value.Type().Elem().Kind() == reflect.Uint8 {
			return
		}
		visit(path+" twice", value, reflect.AppendSlice(value.Slice3(0, value.Len(), value.Len()), value))
		visitChanges(value.Index(0), path+"[]", now, visit)
		if last := value.Len() - 1; last > 0 {
			visit(path+" without the first", value, value.Slice(1, value.Len()))
			visitChanges(value.Index(last), path+"[last]", now, visit)
		}
	case reflect.Struct:
		if IsFact(value.Type()) {
			visit(path+" unread", value, Unread(value))
			if value.FieldByName("Known").Bool() {
				visitChanges(value.FieldByName("Value"), path, now, visit)
			}
			return
		}
		for index := range value.NumField() {
			if field := value.Type().Field(index); field.IsExported() {
				visitChanges(value.Field(index), strings.TrimPrefix(path+"."+field.Name, "."), now, visit)
			}
		}
	}
}

// Change is a value in the facts, and what it could be instead.
type Change struct{ at, with reflect.Value }

// ChangesOf are all changes of a box's facts by their names.
func ChangesOf(known *facts.Facts) map[string]Change {
	all := map[string]Change{}
	visitChanges(reflect.ValueOf(known).Elem(), "", known.TakenAt, func(what string, at, with reflect.Value) { all[what] = Change{at, with} })
	return all
}

// ChangeBy is the change of a name; a string or a number is what the name says behind isOther.
func ChangeBy(name string, all map[string]Change) (one Change, found bool) {
	place, other, isNamed := strings.Cut(name, isOther)
	if !isNamed {
		one, found = all[name]
		return one, found
	}
	one, found = all[place+isOther]
	if !found {
		return one, false
	}
	with := reflect.New(one.at.Type()).Elem()
	if with.Kind() == reflect.String {
		with.SetString(other)
		return Change{one.at, with}, true
	}
	number, err := strconv.Atoi(other)
	with.Set(reflect.ValueOf(number).Convert(with.Type()))
	return Change{one.at, with}, err == nil
}

// With does something while the facts are changed so; made is false where no look could have
// seen such facts.
func With(known *facts.Facts, made []Change, do func()) bool {
	was := make([]reflect.Value, len(made))
	for index, one := range made {
		was[index] = reflect.ValueOf(one.at.Interface())
		one.at.Set(one.with)
	}
	defer func() {
		for index, one := range slices.Backward(made) {
			one.at.Set(was[index])
		}
	}()
	if known.HalfAnAddress() != "" {
		return false
	}
	do()
	return true
}
