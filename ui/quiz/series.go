// Package quiz is practice that is practice: boxes in an order that nobody foresees, the symptom
// and what is to be seen but no judgement, a question with its answer, and the score.
//
// It knows steps and its documents. Begin with Series; Veil takes the judgement out of a report,
// Ask makes the question, and Debrief tells how it went.
package quiz

import (
	"cmp"
	"slices"
	"strings"
)

// Box is one box that is asked about.
type Box struct {
	ID string
	// Symptom is what its user would report.
	Symptom string
}

// Answer is what came of one box, and a line of the file that is kept. A line with a seed alone
// begins a new series.
type Answer struct {
	Seed string `json:"seed,omitempty"`
	Box  string `json:"box,omitempty"`
	// Cause is what was named.
	Cause      string `json:"cause,omitempty"`
	CauseRight bool   `json:"cause_right,omitempty"`
	// LineAsked says that there was a line to name, LineRight that it was.
	LineAsked bool `json:"line_asked,omitempty"`
	LineRight bool `json:"line_right,omitempty"`
	// Looks is how many pages were looked at, Needed how many would have done.
	Looks  int `json:"looks,omitempty"`
	Needed int `json:"needed,omitempty"`
}

// CauseOf is the cause that a box is named for.
func CauseOf(box string) string {
	cause, _, _ := strings.Cut(box, "/")
	return cause
}

// Series is one run through all boxes.
type Series struct {
	boxes   []Box
	answers []Answer
}

// Resume is the series that the kept lines tell of, over the boxes that there are now. Where
// none was begun, or the last one is through, begun is false, and a line with a new seed is due.
func Resume(boxes []Box, kept []Answer) (series Series, begun bool) {
	for i := len(kept) - 1; i >= 0; i-- {
		if kept[i].Seed == "" {
			continue
		}
		series = Begin(boxes, kept[i].Seed)
		for _, answer := range kept[i+1:] {
			series.Take(answer)
		}
		_, left := series.Next()
		return series, left
	}
	return Series{}, false
}

// Begin is a new series; the seed decides the order.
func Begin(boxes []Box, seed string) Series {
	ordered := slices.Clone(boxes)
	slices.SortStableFunc(ordered, func(one, other Box) int { return cmp.Compare(lot(seed, one.ID), lot(seed, other.ID)) })
	return Series{boxes: ordered}
}

// Take adds an answer. One about a box that there is not any more, or a second one, counts for nothing.
func (s *Series) Take(answer Answer) {
	known := slices.ContainsFunc(s.boxes, func(box Box) bool { return box.ID == answer.Box })
	if known && !s.answered(answer.Box) {
		s.answers = append(s.answers, answer)
	}
}

func (s *Series) answered(box string) bool {
	return slices.ContainsFunc(s.answers, func(answer Answer) bool { return answer.Box == box })
}

// Next is the first box that was not answered; false where all were.
func (s *Series) Next() (Box, bool) {
	for _, box := range s.boxes {
		if !s.answered(box.ID) {
			return box, true
		}
	}
	return Box{}, false
}

// Score is how it stands with a series.
type Score struct {
	Boxes, Answered   int
	Causes            int
	LinesAsked, Lines int
	Looks, Needed     int
	// Missed are the ids of the boxes whose cause was not named, in order.
	Missed []string
}

// Score counts the answers.
func (s *Series) Score() Score {
	score := Score{Boxes: len(s.boxes), Answered: len(s.answers)}
	for _, answer := range s.answers {
		if answer.CauseRight {
			score.Causes++
		} else {
			score.Missed = append(score.Missed, answer.Box)
		}
		if answer.LineAsked {
			score.LinesAsked++
		}
		if answer.LineRight {
			score.Lines++
		}
		score.Looks += answer.Looks
		score.Needed += answer.Needed
	}
	return score
}
