// Command mutants measures how much of the judgement the unit tests hold: it draws
// conditions at random, makes each say otherwise, and runs the tests, which ought to fail.
// Nothing in the tree is touched: the compiler is handed changed files in the others' places
// (go help build, -overlay).
//
// All conditions have their switches in one build, so that a mutant costs no more than the
// tests to which it matters, the quickest first. Tools for this exist, and none draws at random
// or leaves a condition out; what is easily forgotten is one operand of a condition, so that
// is what is taken away here.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"strings"
)

func main() {
	count := flag.Int("n", 20, "how many of each kind are drawn")
	seed := flag.Uint64("seed", 1, "draws the same ones again")
	packages := flag.String("packages", "./steps/...", "where conditions are drawn")
	watched := flag.String("tests", "./...", "whose tests are run")
	unasked := flag.Bool("unasked", false, "draw none, and list all that matter to no test")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := measure(ctx, *packages, *watched, *count, *seed, *unasked)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "mutants:", err)
		os.Exit(1)
	}
}

// measure draws and tries count mutants of each kind, and says how many were caught.
func measure(ctx context.Context, packages, watched string, count int, seed uint64, unaskedAlone bool) (err error) {
	directory, err := os.MkdirTemp("", "mutants")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(directory)) }()
	sources, err := switchAll(ctx, packages)
	if err != nil {
		return err
	}
	tests, err := build(ctx, directory, watched, sources)
	if err != nil {
		return err
	}
	var drawn [kinds][]mutant
	for _, file := range sources {
		for _, one := range file.mutants {
			if unaskedAlone && !tests.matter(one) {
				fmt.Println(one)
			}
			drawn[one.kind] = append(drawn[one.kind], one)
		}
	}
	if unaskedAlone {
		return nil
	}
	random := rand.New(rand.NewPCG(seed, 0))
	for kind, all := range drawn {
		random.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		caught, tried := 0, min(count, len(all))
		for _, one := range all[:tried] {
			outcome, err := tests.try(ctx, one)
			if err != nil {
				return err
			}
			fmt.Printf("%-9s %s\n", outcome, one)
			if outcome == caughtIt {
				caught++
			}
		}
		fmt.Printf("%s: %d of %d caught, of %d there are\n\n", kindNames[kind], caught, tried, len(all))
	}
	return nil
}

// switchAll puts switches into all files of the packages, their tests excepted.
func switchAll(ctx context.Context, packages string) ([]source, error) {
	out, err := exec.CommandContext(ctx, "go", "list", "-f", "{{$d := .Dir}}{{range .GoFiles}}{{$d}}/{{.}}\n{{end}}", packages).Output()
	if err != nil {
		return nil, fmt.Errorf("go list %s: %w", packages, err)
	}
	var sources []source
	number := 1
	for _, file := range strings.Fields(string(out)) {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		one, err := switchable(file, text, number)
		if err != nil {
			return nil, err
		}
		number += len(one.mutants)
		sources = append(sources, one)
	}
	return sources, nil
}
