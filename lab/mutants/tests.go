package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// test is one test of a package, with the mutants that would matter to it.
type test struct {
	room, program, name string
	took                time.Duration
	matter              map[int]bool
}

type tests []test

// build makes the test programs of all packages that depend on a source, with the switches
// in, and runs each test once to see which of them matter to it.
func build(ctx context.Context, directory, watched string, sources []source) (tests, error) {
	overlay, err := overlayOf(directory, sources)
	if err != nil {
		return nil, err
	}
	rooms, err := dependents(ctx, watched, sources)
	if err != nil {
		return nil, err
	}
	var all tests
	for number, room := range rooms {
		program := filepath.Join(directory, fmt.Sprintf("%d.test", number))
		said, err := exec.CommandContext(ctx, "go", "test", "-c", "-vet=off", "-overlay", overlay, "-o", program, room).CombinedOutput()
		if err != nil {
			return nil, fmt.Errorf("%s: %w\n%s", room, err, said)
		}
		if _, err := os.Stat(program); errors.Is(err, os.ErrNotExist) {
			continue // It has no tests.
		}
		list := exec.CommandContext(ctx, program, "-test.list", ".")
		list.Dir = room
		names, err := list.Output()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", room, err)
		}
		for name := range strings.FieldsSeq(string(names)) {
			one := test{room: room, program: program, name: name}
			if strings.HasPrefix(name, "Benchmark") {
				continue
			}
			if err := one.first(ctx, directory); err != nil {
				return nil, err
			}
			if len(one.matter) > 0 {
				all = append(all, one)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b test) int { return cmp.Compare(a.took, b.took) })
	return all, nil
}

// overlayOf writes the changed files, and what tells the compiler of them.
func overlayOf(directory string, sources []source) (name string, err error) {
	replace := map[string]string{}
	put := func(path string, text []byte) error {
		changed := filepath.Join(directory, fmt.Sprintf("%d.go", len(replace)))
		replace[path] = changed
		return os.WriteFile(changed, text, 0o600)
	}
	for _, file := range sources {
		err = errors.Join(err, put(file.path, file.switched))
		if besides := filepath.Join(filepath.Dir(file.path), "mutants_switched.go"); replace[besides] == "" {
			err = errors.Join(err, put(besides, switchFile(file.name)))
		}
	}
	text, failed := json.Marshal(map[string]any{"Replace": replace})
	name = filepath.Join(directory, "overlay.json")
	return name, errors.Join(err, failed, os.WriteFile(name, text, 0o600))
}

// dependents are the directories of those watched packages whose test programs have a source
// in them.
func dependents(ctx context.Context, watched string, sources []source) ([]string, error) {
	out, err := exec.CommandContext(ctx, "go", "list", "-json=ImportPath,Dir,Deps,TestImports,XTestImports", "./...").Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w", err)
	}
	type listed struct {
		ImportPath, Dir                 string
		Deps, TestImports, XTestImports []string
	}
	packages := map[string]listed{}
	var changed []string
	for decoder := json.NewDecoder(strings.NewReader(string(out))); decoder.More(); {
		var one listed
		if err := decoder.Decode(&one); err != nil {
			return nil, fmt.Errorf("go list: %w", err)
		}
		packages[one.ImportPath] = one
		if slices.ContainsFunc(sources, func(file source) bool { return filepath.Dir(file.path) == one.Dir }) {
			changed = append(changed, one.ImportPath)
		}
	}
	var rooms []string
	within, err := exec.CommandContext(ctx, "go", "list", watched).Output()
	if err != nil {
		return nil, fmt.Errorf("go list %s: %w", watched, err)
	}
	for _, path := range strings.Fields(string(within)) {
		one := packages[path]
		needs := slices.Concat([]string{one.ImportPath}, one.Deps, one.TestImports, one.XTestImports)
		for _, imported := range slices.Concat(one.TestImports, one.XTestImports) {
			needs = append(needs, packages[imported].Deps...)
		}
		if slices.ContainsFunc(changed, func(path string) bool { return slices.Contains(needs, path) }) {
			rooms = append(rooms, one.Dir)
		}
	}
	slices.Sort(rooms)
	return rooms, nil
}

// first runs the test with no mutant on: it has to pass, and writes down which would matter.
func (one *test) first(ctx context.Context, directory string) error {
	notes := filepath.Join(directory, "notes")
	began := time.Now()
	said, err := run(ctx, []test{*one}, time.Hour, notesVariable+"="+notes)
	one.took = time.Since(began)
	if err != nil {
		return fmt.Errorf("%s fails in %s with no mutant on: %w\n%s", one.name, one.room, err, said)
	}
	one.matter = map[int]bool{}
	text, err := os.ReadFile(notes)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	for line := range strings.FieldsSeq(string(text)) {
		number, failed := strconv.Atoi(line)
		err = errors.Join(err, failed)
		one.matter[number] = true
	}
	return errors.Join(err, os.Remove(notes))
}

// The outcomes of a mutant; an unasked one matters to no test, and survives as well.
const (
	caughtIt = "caught"
	survived = "SURVIVED"
	unasked  = "UNASKED"
)

// matter tells whether a mutant would matter to any test.
func (all tests) matter(one mutant) bool {
	return slices.ContainsFunc(all, func(each test) bool { return each.matter[one.number] })
}

// brief is the time of a test that is not worth a program's start of its own.
const brief = 200 * time.Millisecond

// try switches a mutant on and runs the tests to which it matters: of each package those that are
// over at once together, and then one after the other.
func (all tests) try(ctx context.Context, one mutant) (outcome string, err error) {
	together := map[string][]test{}
	var alone []test
	for _, each := range all {
		switch {
		case !each.matter[one.number]:
		case each.took < brief:
			together[each.room] = append(together[each.room], each)
		default:
			alone = append(alone, each)
		}
	}
	var runs [][]test
	for room, brief := range together {
		if room == one.room {
			runs = append([][]test{brief}, runs...)
		} else {
			runs = append(runs, brief)
		}
	}
	for _, each := range alone {
		runs = append(runs, []test{each})
	}
	if len(runs) == 0 {
		return unasked, nil
	}
	for _, tests := range runs {
		// A mutant that loops for ever is caught, too.
		limit := time.Minute
		for _, each := range tests {
			limit += 20 * each.took
		}
		if _, err := run(ctx, tests, limit, onVariable+"="+strconv.Itoa(one.number)); err != nil {
			return caughtIt, ctx.Err()
		}
	}
	return survived, nil
}

// run runs tests of one package; the error is that of the test program.
func run(ctx context.Context, tests []test, limit time.Duration, environment string) (said []byte, err error) {
	names := make([]string, len(tests))
	for index, each := range tests {
		names[index] = regexp.QuoteMeta(each.name)
	}
	limited, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	program := exec.CommandContext(limited, tests[0].program, "-test.short", "-test.failfast", "-test.run", "^("+strings.Join(names, "|")+")$")
	program.Dir, program.Env = tests[0].room, append(os.Environ(), environment)
	// Programs that a test started may hold the output.
	program.WaitDelay = time.Second
	return program.CombinedOutput()
}
