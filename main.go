// Flasktui finds out why a Flask site still serves old code after a deploy, offers fixes
// that a person confirms, and proves the new release live.
package main

import (
	"os"
	"runtime/debug"

	// First of all, so that no library asks the terminal anything before main runs.
	_ "flasktui/ui/terminal"

	"flasktui/ui/cli"
)

// memoryGoal is what the collector keeps the heap under where it can: on a box in trouble
// flasktui must not be what uses the memory up. It is a goal, not a bound.
const memoryGoal = 24 << 20

func main() {
	debug.SetMemoryLimit(memoryGoal)
	os.Exit(cli.Main())
}
