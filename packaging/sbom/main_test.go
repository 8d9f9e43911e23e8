package main

import (
	"bytes"
	"runtime/debug"
	"testing"
	"time"
)

func TestOfOneProgramItIsTheSame(t *testing.T) {
	t.Parallel()
	info := &debug.BuildInfo{GoVersion: "go1.26.0", Deps: []*debug.Module{{Path: "example.com/a", Version: "v1.0.0+incompatible"}, {Path: "example.com/b", Replace: &debug.Module{Path: "example.com/c", Version: "v2"}}}}
	first, _ := written(info, "1", [32]byte{1}, time.Unix(5, 0))
	again, _ := written(info, "1", [32]byte{1}, time.Unix(5, 0))
	other, _ := written(info, "1", [32]byte{2}, time.Unix(5, 0))
	if !bytes.Equal(first, again) || bytes.Equal(first, other) {
		t.Error("it is not the program that makes the difference")
	}
	for _, text := range []string{`"pkg:golang/example.com/a@v1.0.0%2Bincompatible"`, `"pkg:golang/example.com/c@v2"`, `"1970-01-01T00:00:05Z"`} {
		if !bytes.Contains(first, []byte(text)) {
			t.Errorf("it lacks %s:\n%s", text, first)
		}
	}
}
