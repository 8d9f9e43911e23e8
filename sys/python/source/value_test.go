package source

import "testing"

// TestWhatAModuleBindsForGood is read off the file where nothing can bind it again.
func TestWhatAModuleBindsForGood(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, file string
		want       Value
		is         bool
	}{
		{"a number", "RATE = 19\n", Value{Name: "RATE", Type: "int", Number: 19, Line: 1}, true},
		{"a fraction", "\nRATE = 1.5\n", Value{Name: "RATE", Type: "float", Number: 1.5, Line: 2}, true},
		{"a truth value", "ON = True\n", Value{Name: "ON", Type: "bool", Number: 1, Line: 1}, true},
		{"a string", "NAME = \"shop\"\n", Value{Name: "NAME", Type: "str", Text: "shop", Line: 1}, true},
		{"read by others", "RATE = 19\nprint(RATE, RATE + 1)\nif RATE == 2:\n    pass\n", Value{Name: "RATE", Type: "int", Number: 19, Line: 1}, true},
		{"computed", "RATE = 19 + 2\n", Value{}, false},
		{"in a branch", "if x:\n    RATE = 19\n", Value{}, false},
		{"bound again", "RATE = 19\nRATE = 20\n", Value{}, false},
		{"counted up", "RATE = 19\nRATE += 1\n", Value{}, false},
		{"bound with another", "RATE = 19\nRATE, X = 1, 2\n", Value{}, false},
		{"bound by a loop", "RATE = 19\nfor x, RATE in y:\n    pass\n", Value{}, false},
		{"bound by a function", "RATE = 19\ndef f():\n    global RATE\n    RATE = 2\n", Value{}, false},
		{"bound with its type", "RATE = 19\nRATE: int = 2\n", Value{}, false},
		{"bound by a star", "RATE = 19\nfrom local import *\n", Value{}, false},
		{"bound by its text", "RATE = 19\nglobals().update(x)\n", Value{}, false},
	} {
		values := ModuleValues(Tokens([]byte(test.file)))
		if len(values) > 0 != test.is || test.is && values[0] != test.want {
			t.Errorf("%s: %+v", test.name, values)
		}
	}
	for file, rebinds := range map[string]bool{
		"terms.RATE = 3\n": true, "a.b.RATE += 3\n": true, "setattr(terms, 'RATE', 3)\n": true, "for terms.RATE in x:\n    pass\n": true,
		"print(terms.RATE)\n": false, "x = terms.RATE\n": false, "terms.RATES = 3\n": false, "RATE = 3\n": false,
	} {
		if got := Rebinds(Tokens([]byte(file)), "RATE"); got != rebinds {
			t.Errorf("%q: %v", file, got)
		}
	}
}
