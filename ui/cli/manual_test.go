package cli

import (
	"os"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// TestTheManualNamesEveryCommandAndFlag holds the manual page to what --help offers, both
// ways: what it names is there.
func TestTheManualNamesEveryCommandAndFlag(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../packaging/flasktui.1")
	if err != nil {
		t.Fatal(err)
	}
	told := map[string]bool{}
	for line := range strings.Lines(string(page)) {
		words := strings.Fields(line)
		if len(words) > 2 && words[0] == ".It" && (words[1] == "Fl" || words[1] == "Cm") {
			told[words[1]+" "+words[2]] = true
		}
	}
	run := &run{Program: Program{Getenv: func(string) string { return "" }}}
	root := run.rootCommand()
	offered := map[string]bool{"Cm help": true}
	flags := func(flag *pflag.Flag) { offered["Fl -"+flag.Name] = true }
	for _, command := range append([]*cobra.Command{root}, root.Commands()...) {
		if command != root {
			offered["Cm "+command.Name()] = true
		}
		command.Flags().VisitAll(flags)
		command.PersistentFlags().VisitAll(flags)
	}
	for name := range offered {
		if !told[name] {
			t.Errorf("the manual page does not tell of %s", name)
		}
	}
	for name := range told {
		if !offered[name] {
			t.Errorf("the manual page tells of %s, which is not there", name)
		}
	}
}
