package lab

import (
	"context"
	"flag"
	"fmt"
	"os"
	"testing"
)

// shared is the one lab of this test run; the boxes in it are each test's own.
var shared *Lab

// atOnce bounds how many boxes run side by side.
var atOnce = make(chan struct{}, 2)

// TestMain opens the lab once. A machine that cannot hold it fails the run: a
// lab that is left out in silence proves nothing. -short leaves it out aloud.
func TestMain(m *testing.M) {
	flag.Parse()
	if testing.Short() {
		fmt.Fprintln(os.Stderr, "lab: left out by -short")
		os.Exit(0)
	}
	os.Exit(run(m))
}

func run(m *testing.M) (status int) {
	l, err := Open(context.Background())
	if err != nil {
		fmt.Fprintln(os.Stderr, "lab:", err)
		return 1
	}
	defer func() {
		if err := l.Close(); err != nil {
			fmt.Fprintln(os.Stderr, "lab:", err)
			status = 1
		}
	}()
	shared = l
	return m.Run()
}

// prepare boots a box with a site on it, as soon as there is room for one. The
// box ends with the test.
func prepare(t *testing.T, name string, s Site) *Case {
	t.Helper()
	atOnce <- struct{}{}
	t.Cleanup(func() { <-atOnce })
	c, err := shared.Prepare(t.Context(), name, s)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Stop(); err != nil {
			t.Error(err)
		}
	})
	return c
}

// breaks is prepare for a box that is broken with one of the lab's faults.
func breaks(t *testing.T, name, fault string) (Fault, *Case) {
	t.Helper()
	f, known := Find(fault)
	if !known {
		t.Fatalf("no fault is called %q", fault)
	}
	c := prepare(t, name, f.Site)
	if err := f.Broken(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	return f, c
}
