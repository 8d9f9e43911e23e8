package guide

import "slices"

// Trap is one way in which old code stays live, or in which a tool that looks for it goes
// wrong. Comments in the code name a trap by its number, "G24" for one.
type Trap struct {
	Number string
	Title  string
	// Text says how it comes about and how it is seen.
	Text string
}

// Traps are all traps in the order of their numbers.
func Traps() []Trap {
	return slices.Concat(processTraps(), systemdTraps(), diskTraps(), webTraps(), containerTraps(), proofTraps(), imageTraps(), serverTraps())
}

// TrapPage is the trap of a number.
func TrapPage(number string) (Trap, bool) {
	all := Traps()
	at := slices.IndexFunc(all, func(trap Trap) bool { return trap.Number == number })
	if at < 0 {
		return Trap{}, false
	}
	return all[at], true
}
