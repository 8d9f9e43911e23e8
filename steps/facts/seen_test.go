package facts_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"flasktui/steps/facts"
	"flasktui/steps/facts/factstest"
	"flasktui/sys"
	"flasktui/sys/practice"
)

// altered is a practice box on which some of what is asked for is answered otherwise.
type altered struct {
	*practice.Box
	// alter has the answer by what was asked, such as "read /etc/hosts"; empty leaves it.
	alter func(asked string) alteration
}

// alteration is how an answer is another: it is refused, what is asked for is gone, nor is
// anything in it, it lacks a line, or was changed just now.
type alteration string

const (
	refused alteration = "refused"
	gone    alteration = "gone"
	empty   alteration = "empty"
	now     alteration = "now"
	strange alteration = "strange"
	lacks   alteration = "lacks " // and the number of a line
)

// varying is what is another on each box, or at each look.
var varying = regexp.MustCompile(`\b[0-9a-f]{12,}\b|\b\d{3,}\b`)

// general is what is asked, less what varies.
func general(asked string) string { return varying.ReplaceAllString(asked, "~") }

func (box *altered) of(asked string) (how alteration, err error) {
	switch how = box.alter(general(asked)); how {
	case refused:
		return how, fmt.Errorf("%s: %w", asked, fs.ErrPermission)
	case gone:
		return how, fmt.Errorf("%s: %w", asked, fs.ErrNotExist)
	}
	return how, nil
}

// text is what is left of a text.
func (how alteration) text(text []byte) []byte {
	if how == empty {
		return nil
	}
	number, is := strings.CutPrefix(string(how), string(lacks))
	if !is {
		return text
	}
	var left []byte
	at := 0
	for line := range bytes.Lines(text) {
		if at++; fmt.Sprint(at) != number {
			left = append(left, line...)
		}
	}
	return left
}

func (box *altered) Run(ctx context.Context, command sys.Command) sys.Output {
	how, err := box.of("run " + strings.Join(command.Argv, " "))
	if err != nil {
		return sys.Output{Argv: command.Argv, Exit: 1, Err: err, Stderr: []byte(err.Error())}
	}
	output := box.Box.Run(ctx, command)
	output.Stdout = how.text(output.Stdout)
	return output
}

func (box *altered) ReadFile(ctx context.Context, path string, limit int64) ([]byte, error) {
	how, err := box.of("read " + path)
	if err != nil {
		return nil, err
	}
	text, err := box.Box.ReadFile(ctx, path, limit)
	return how.text(text), err
}

func (box *altered) ReadEnd(ctx context.Context, path string, limit int64) ([]byte, error) {
	how, err := box.of("read " + path)
	if err != nil {
		return nil, err
	}
	text, err := box.Box.ReadEnd(ctx, path, limit)
	return how.text(text), err
}

func (box *altered) ReadLink(ctx context.Context, path string) (string, error) {
	how, err := box.of("readlink " + path)
	switch {
	case err != nil:
		return "", err
	case how == strange:
		return "/elsewhere", nil
	}
	return box.Box.ReadLink(ctx, path)
}

func (box *altered) ReadDir(ctx context.Context, path string) ([]sys.Entry, error) {
	how, err := box.of("list " + path)
	switch {
	case err != nil:
		return nil, err
	case how == empty:
		return nil, nil
	}
	return box.Box.ReadDir(ctx, path)
}

func (box *altered) Stat(ctx context.Context, path string) (sys.FileInfo, error) {
	how, err := box.of("stat " + path)
	if err != nil {
		return sys.FileInfo{}, err
	}
	info, err := box.Box.Stat(ctx, path)
	return how.info(info, box.Now()), err
}

func (box *altered) StatTarget(ctx context.Context, path string) (sys.FileInfo, error) {
	how, err := box.of("stat target " + path)
	if err != nil {
		return sys.FileInfo{}, err
	}
	info, err := box.Box.StatTarget(ctx, path)
	return how.info(info, box.Now()), err
}

// info is what is said of a file that was changed just now, or belongs to somebody else and is
// anybody's to write.
func (how alteration) info(info sys.FileInfo, at time.Time) sys.FileInfo {
	switch how {
	case now:
		info.Modified, info.Changed = at, at
	case strange:
		info.UID, info.GID, info.Mode, info.Inode = 1234, 1234, info.Mode|0o022, info.Inode+1
	case empty:
		info.Size, info.Mode = 0, info.Mode.Perm()
	}
	return info
}

func (box *altered) Resolve(ctx context.Context, path string) (string, error) {
	how, err := box.of("resolve " + path)
	switch {
	case err != nil:
		return "", err
	case how == strange:
		return "/elsewhere", nil
	}
	return box.Box.Resolve(ctx, path)
}

func (box *altered) OpenMemory(ctx context.Context, pid int) (sys.Memory, error) {
	if _, err := box.of(fmt.Sprintf("memory %d", pid)); err != nil {
		return nil, err
	}
	return box.Box.OpenMemory(ctx, pid)
}

// seen is what a look sees, less what is another at each: how long it took, and the fingerprints
// of values, of which it is left which are the same.
func seen(t *testing.T, machine sys.Machine, box *practice.Box) string {
	t.Helper()
	asked := box.Asked()
	known, err := facts.Look(t.Context(), machine, facts.Options{Service: asked.Service, AppDir: asked.AppDir, URL: asked.URL, Expect: asked.Expect, Timeout: time.Hour}, nil)
	known.Done = nil
	encoded, failed := json.MarshalIndent(known, "", " ")
	if failed != nil {
		t.Fatal(failed)
	}
	names := map[string]string{}
	encoded = took.ReplaceAll(encoded, nil)
	text := fingerprint.ReplaceAllStringFunc(string(encoded), func(print string) string {
		if names[print] == "" {
			names[print] = fmt.Sprintf(`"fingerprint %d"`, len(names)+1)
		}
		return names[print]
	})
	if target := (*facts.TargetError)(nil); errors.As(err, &target) {
		return target.Error() + "\n" + text
	} else if err != nil {
		t.Fatal(err)
	}
	return text
}

var took = regexp.MustCompile(`"took_ms": \d+`)

var fingerprint = regexp.MustCompile(`"[0-9a-f]{12}"`)

func then() time.Time { return time.Date(2026, time.March, 5, 14, 20, 0, 0, time.UTC) }

func asItIs(string) alteration { return "" }

// TestNothingIsSeenOtherwise holds all that is seen of the practice boxes, and of what is seen
// where one thing that was asked for is answered otherwise. A row of the file is such a box; for
// another one write its name into the file, with nothing behind it, and let -update do the rest.
func TestNothingIsSeenOtherwise(t *testing.T) {
	t.Parallel()
	held := &factstest.Digests{File: "testdata/seen.txt"}
	rows := held.Kept(t)
	for _, story := range slices.Concat(practice.Faults(), practice.Variants()) {
		if story.ID != "mixed-workers" && story.ID != "cache-serves-old" { // What these answer hangs on who asks first.
			rows[story.ID] = ""
		}
	}
	var all sync.WaitGroup
	defer all.Wait()
	t.Run("box", func(t *testing.T) {
		for row := range rows {
			t.Run(row, func(t *testing.T) {
				t.Parallel()
				name, rest, isAltered := strings.Cut(row, ", ")
				box, err := practice.New(name, then)
				if err != nil {
					t.Fatal(err)
				}
				machine := &altered{box, asItIs}
				if isAltered {
					asked, how, _ := strings.Cut(rest, " is ")
					machine.alter = func(what string) alteration {
						if what == asked {
							return alteration(how)
						}
						return ""
					}
				}
				held.Add(t, row, "", seen(t, machine, box))
			})
		}
	})
	held.Settle(t)
}
