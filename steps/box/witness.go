package box

import (
	"flasktui/sys"
)

// Witness names what can tell which code a process holds.
type Witness string

// The witnesses. ByContainer is asked last, as it speaks of what a restart would import.
const (
	ByDirectory Witness = "directory"
	ByMemory    Witness = "memory"
	ByContent   Witness = "content"
	ByLabel     Witness = "label"
	ByTimes     Witness = "times"
	ByContainer Witness = "container"
)

// testimony is what a witness says of a process; one that cannot tell leaves the state empty.
// A state of Undetermined is said by one that should be able to and is not: no weaker one is
// asked then.
type testimony struct {
	state       State
	certain     bool
	why, source sys.Text
}

type witness struct {
	name Witness
	ask  func(b *Box, one Loader) testimony
}

// witnesses are asked in this order, the strongest first, and the first that speaks is
// believed. What the app says of itself never shows that a process holds what is on disk: a
// variable says which release it was started as, a constant what one file had, and a file or
// git at each request nothing at all of what is in memory (G49).
func witnesses() []witness {
	return []witness{
		{ByDirectory, askDirectory},
		{ByMemory, askMemory},
		{ByContent, askContent},
		{ByLabel, askLabel},
		{ByTimes, askTimes},
	}
}
