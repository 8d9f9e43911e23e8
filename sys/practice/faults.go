package practice

// Fault is something that a practice box can show.
type Fault struct {
	// ID is the cause that a good look finds, or "healthy".
	ID string
	// Sentence says what the box shows, as its owner would complain.
	Sentence string

	tell func(*Box)
}

// Faults is every box there is.
func Faults() []Fault {
	return []Fault{
		{"healthy", "Nothing is wrong: the new release is live everywhere.", healthy},
		{"service-not-restarted", "The release was switched, and nobody restarted the service.", serviceNotRestarted},
	}
}
