// Boot breaks a fresh box in a way of the lab's and leaves a person in it, with
// flasktui on the path:
//
//	go run ./lab/boot link-not-switched
//
// Without a name it lists the faults and the healthy boxes. The box ends with
// the shell.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"

	"flasktui/lab"
)

func main() {
	if err := run(context.Background(), os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintf(os.Stderr, "boot: %v\n", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out io.Writer) (err error) {
	if len(args) == 0 || args[0] == "" {
		return list(out)
	}
	fault, ok := lab.Find(args[0])
	if !ok {
		return fmt.Errorf("no fault is called %q\nhint: without a name the faults are listed", args[0])
	}
	l, err := lab.Open(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, l.Close()) }()
	c, err := l.Prepare(ctx, fault.Name, fault.Site)
	if err != nil {
		return err
	}
	if err := fault.Broken(ctx, c); err != nil {
		return err
	}
	told, err := c.Args()
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "A deploy has just been made on this box, and its site is %s. Find out why:\n", seen(fault))
	fmt.Fprintf(out, "    flasktui %s        (exit ends the box)\n", strings.Join(told, " "))
	return c.Login(ctx)
}

// seen is what the site's visitors would say.
func seen(f lab.Fault) string {
	switch f.Verdict {
	case "down":
		return "down"
	case "fresh":
		return "said to be stale"
	default:
		return "not what it should be"
	}
}

func list(out io.Writer) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, f := range lab.All() {
		fmt.Fprintf(w, "%s\t%s\t%s\n", f.Name, f.Verdict, f.Cause)
	}
	return w.Flush()
}
