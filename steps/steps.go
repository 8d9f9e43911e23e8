package steps

// Step is one of the guide's fourteen questions.
type Step struct {
	Number int
	ID     string
	Title  string
	// Question is what the step asks of the box.
	Question string
}
