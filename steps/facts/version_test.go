package facts

import (
	"fmt"
	"hash/fnv"
	"reflect"
	"testing"
)

// shape is the version, and what the facts of it look like, told by shapeOf.
const shape = "3 cb8dbd7be538b05d"

// TestFactsOfAnotherShapeAreOfAnotherVersion: a field that comes, goes or changes its type is
// a fact that saved looks of before do not hold as it is read now. Where a look without it is
// judged as it was (a field that is empty on nearly every box), the new shape is enough.
func TestFactsOfAnotherShapeAreOfAnotherVersion(t *testing.T) {
	t.Parallel()
	got := fmt.Sprintf("%d %s", Version, shapeOf(reflect.TypeFor[Facts]()))
	if got != shape {
		t.Errorf("the facts look like %q and not like %q any more: raise Version and record the lab's boxes again, unless a look without what is new is judged as before; and say the new shape here", got, shape)
	}
}

// shapeOf tells one type from another by the names, kinds and tags of all that it holds:
// what a type is called is not written down.
func shapeOf(of reflect.Type) string {
	hash := fnv.New64a()
	seen := map[reflect.Type]bool{}
	var write func(reflect.Type)
	write = func(of reflect.Type) {
		fmt.Fprintln(hash, of.Kind())
		if seen[of] {
			return
		}
		seen[of] = true
		switch of.Kind() {
		case reflect.Pointer, reflect.Slice, reflect.Array:
			write(of.Elem())
		case reflect.Map:
			write(of.Key())
			write(of.Elem())
		case reflect.Struct:
			for index := range of.NumField() {
				if field := of.Field(index); field.IsExported() {
					fmt.Fprintln(hash, field.Name, field.Tag)
					write(field.Type)
				}
			}
		}
	}
	write(of)
	return fmt.Sprintf("%x", hash.Sum64())
}
