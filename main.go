// Flasktui finds out why a Flask site still serves old code after a deploy, offers fixes
// that a person confirms, and proves the new release live.
package main

import (
	"os"

	// First of all, so that no library asks the terminal anything before main runs.
	_ "flasktui/ui/terminal"

	"flasktui/ui/cli"
)

func main() {
	os.Exit(cli.Main())
}
