// Command mutants measures how much of the judgement the unit tests hold: it draws
// conditions at random, makes each say otherwise, and runs the tests, which ought to fail.
// Nothing in the tree is touched: the compiler is handed the changed file in the other's
// place (go help build, -overlay).
//
// Tools for this exist, and none draws at random or leaves a condition out; what is easily
// forgotten is one operand of a condition, so that is what is taken away here.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"time"
)

func main() {
	count := flag.Int("n", 20, "how many of each kind are drawn")
	seed := flag.Uint64("seed", 1, "draws the same ones again")
	packages := flag.String("packages", "./steps/...", "where conditions are drawn and tests are run")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := measure(ctx, *packages, *count, *seed)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "mutants:", err)
		os.Exit(1)
	}
}

// measure draws and tries count mutants of each kind, and says how many were caught.
func measure(ctx context.Context, packages string, count int, seed uint64) error {
	files, err := sources(ctx, packages)
	if err != nil {
		return err
	}
	var drawn [kinds][]mutant
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		found, err := mutantsOf(file, text)
		if err != nil {
			return err
		}
		for _, one := range found {
			drawn[one.kind] = append(drawn[one.kind], one)
		}
	}
	random := rand.New(rand.NewPCG(seed, 0))
	for kind, all := range drawn {
		random.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		caught, tried := 0, 0
		for _, one := range all {
			if tried == count {
				break
			}
			outcome, err := try(ctx, packages, one)
			if err != nil {
				return err
			}
			fmt.Printf("%-9s %s\n", outcome, one)
			if outcome != unbuilt {
				tried++
			}
			if outcome == caughtIt {
				caught++
			}
		}
		fmt.Printf("%s: %d of %d caught, of %d there are\n\n", kindNames[kind], caught, tried, len(all))
	}
	return nil
}

// sources are the files of the packages, without their tests.
func sources(ctx context.Context, packages string) ([]string, error) {
	out, err := exec.CommandContext(ctx, "go", "list", "-f", "{{$d := .Dir}}{{range .GoFiles}}{{$d}}/{{.}}\n{{end}}", packages).Output()
	if err != nil {
		return nil, fmt.Errorf("go list %s: %w", packages, err)
	}
	return strings.Fields(string(out)), nil
}

// The outcomes of a mutant. One that does not build is none.
const (
	caughtIt = "caught"
	survived = "SURVIVED"
	unbuilt  = "unbuilt"
)

// tryTimeout is for a mutant that loops for ever; that is caught, too.
const tryTimeout = 5 * time.Minute

func try(ctx context.Context, packages string, one mutant) (outcome string, err error) {
	directory, err := os.MkdirTemp("", "mutant")
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(directory)) }()
	changed, overlay := filepath.Join(directory, "changed.go"), filepath.Join(directory, "overlay.json")
	replaced, err := json.Marshal(map[string]map[string]string{"Replace": {one.file: changed}})
	if err == nil {
		err = errors.Join(os.WriteFile(changed, one.changed, 0o600), os.WriteFile(overlay, replaced, 0o600))
	}
	if err != nil {
		return "", err
	}
	limited, cancel := context.WithTimeout(ctx, tryTimeout)
	defer cancel()
	test := exec.CommandContext(limited, "go", "test", "-short", "-failfast", "-vet=off", "-overlay", overlay, packages)
	// Test programs are children of their own; they hold the output.
	test.WaitDelay = time.Second
	said, err := test.CombinedOutput()
	switch {
	case ctx.Err() != nil:
		return "", ctx.Err()
	case err == nil:
		return survived, nil
	case bytes.Contains(said, []byte("[build failed]")):
		return unbuilt, nil
	}
	return caughtIt, nil
}
