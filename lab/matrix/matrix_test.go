package matrix

import (
	"context"
	"flag"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"flasktui/lab"
)

var (
	shared  *lab.Lab
	only    = flag.String("only", "", "a regular expression: the stories to tell, of all")
	verbose = flag.Bool("reports", false, "print the reports of every row")
	shrink  = flag.Bool("shrink", false, "write the list of known rows anew")
)

// TestMain opens the lab. -short leaves the boxes out aloud, as the lab does.
func TestMain(m *testing.M) {
	flag.Parse()
	if testing.Short() {
		fmt.Fprintln(os.Stderr, "matrix: the boxes are left out by -short")
		if err := flag.Set("test.skip", "^TestMatrix$"); err != nil {
			fmt.Fprintln(os.Stderr, "matrix:", err)
			os.Exit(1)
		}
		os.Exit(m.Run())
	}
	l, err := lab.Open(context.Background())
	if err != nil {
		fmt.Fprintln(os.Stderr, "matrix:", err)
		os.Exit(1)
	}
	shared = l
	status := m.Run()
	if err := l.Close(); err != nil {
		fmt.Fprintln(os.Stderr, "matrix:", err)
		status = 1
	}
	os.Exit(status)
}

// TestMatrix sets what flasktui says of a site beside the truth, which the site itself is
// asked for: it never says FRESH of old code, nor alleges anything where the code is the
// same. Each layout has a box of its own, and its stories follow one another there.
func TestMatrix(t *testing.T) {
	told, words := drawn(t)
	whole := len(told) == len(stories())
	var mu sync.Mutex
	var looks []look
	t.Cleanup(func() {
		t.Log(words + "\n" + table(looks))
		if *shrink {
			if err := keep("known.txt", known(knownText), looks, whole); err != nil {
				t.Error(err)
			}
		} else if whole {
			bounded(t, count(looks))
		}
	})
	for _, at := range layouts() {
		if !slices.ContainsFunc(told, func(s story) bool { return s.at.name == at.name }) {
			continue
		}
		t.Run(at.name, func(t *testing.T) {
			t.Parallel()
			on, err := openLane(t.Context(), shared, at)
			if on != nil {
				t.Cleanup(func() {
					if err := on.Stop(); err != nil {
						t.Error(err)
					}
				})
			}
			if err != nil {
				t.Fatal(err)
			}
			for _, s := range told {
				if s.at.name != at.name {
					continue
				}
				seen := tell(t, on, s, whole)
				mu.Lock()
				looks = append(looks, seen...)
				mu.Unlock()
			}
		})
	}
}

// bounded holds what stays undecided to its bounds.
func bounded(t *testing.T, c counts) {
	t.Helper()
	over, listed := c.over(), known(knownText)
	for _, share := range []string{overAsRoot, overAsUser} {
		switch {
		case over[share] != "" && listed[share] == "":
			t.Errorf("%s of the rows is %s", share, over[share])
		case over[share] == "" && listed[share] != "":
			t.Errorf("%s is within its bound, and is listed in known.txt: take it out", share)
		}
	}
}

// drawn are the stories of this turn.
func drawn(t *testing.T) (told []story, words string) {
	t.Helper()
	turn, err := lab.TurnOf(func(name string) string {
		return os.Getenv(strings.Replace(name, "LAB_TURNS", "MATRIX_TURNS", 1))
	})
	if err != nil {
		t.Fatal(err)
	}
	wanted, err := regexp.Compile(*only)
	if err != nil {
		t.Fatal(err)
	}
	all := stories()
	for _, s := range all {
		if turn.Takes(s.String()) && wanted.MatchString(s.String()) {
			told = append(told, s)
		}
	}
	return told, fmt.Sprintf("%d of %d stories, drawn by %q", len(told), len(all), turn.Seed)
}

// tell does what a story says, and looks at what came of it. That a listed row holds is no
// failure of a part: some hang on milliseconds, and whoever runs all of it has the list to mend.
func tell(t *testing.T, on *lane, s story, whole bool) (looks []look) {
	t.Helper()
	if err := on.begin(t.Context(), s); err != nil {
		t.Errorf("%s: begin: %v", s, err)
		return nil
	}
	if err := on.do(t.Context(), s); err != nil {
		t.Errorf("%s: %v", s, err)
		return nil
	}
	rows := known(knownText)
	for _, next := range s.looks {
		l, err := on.look(t.Context(), s, next)
		if err != nil {
			t.Errorf("%s: %v", s.row(next), err)
			return looks
		}
		looks = append(looks, l)
		if *verbose {
			t.Logf("%s %s %v\nroot: %s\nuser: %s", l.row, l.is, l.missed, l.report, l.userReport)
		}
		faults := strings.Join(l.faults(), ", ")
		_, listed := rows[l.row]
		switch {
		case *shrink:
		case faults != "" && !listed:
			t.Errorf("%s: %s: %v differ\n%s\n%s", l.row, faults, l.missed, l.line(), l.report)
		case faults == "" && listed && !whole:
			t.Logf("%s holds, and is listed in known.txt", l.row)
		case faults == "" && listed:
			t.Errorf("%s holds, and is listed in known.txt: take it out", l.row)
		}
	}
	return looks
}
