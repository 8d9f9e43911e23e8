package causes

import (
	"cmp"
	"slices"

	"flasktui/steps/box"
	"flasktui/steps/fixes"
	"flasktui/steps/guide"
	"flasktui/steps/report"
	"flasktui/steps/walk"
	"flasktui/sys"
)

// Kind is one way in which old code stays live: what can be known of it without a
// box, and the one function that sees it in the facts. A Finding is a cause that was
// seen on one.
type Kind struct {
	ID    string
	Title string
	// Step is the step that shows it.
	Step int
	// Hop is where on the path of a request it breaks it.
	Hop string
	// Claim is the one of the seven that it refutes.
	Claim report.ClaimID
	// instead is what to say there in place of the hop's own detail, besides what to say
	// behind that; neither is set where the detail says it already.
	instead, besides sys.Text
	// marks are the moments of the time line at which it shows.
	marks []Moment
	// common marks the ten that the guide begins with: of several that show at one place,
	// these are told first, whatever their rank.
	common bool
	// find returns nil where the facts show nothing of the kind.
	find func(*box.Box) *report.Finding
	// under are causes of which this one is a mere consequence: where one of them is
	// found, this one is folded under it.
	under []func() Kind
	// page teaches it: its id and title are the cause's.
	page guide.Page
}

// Page teaches the cause.
func (kind Kind) Page() guide.Page {
	page := kind.page
	page.ID, page.Title = kind.ID, kind.Title
	return page
}

// Of is the cause that was found.
func Of(finding report.Finding) Kind {
	kinds := All()
	at := slices.IndexFunc(kinds, func(kind Kind) bool { return kind.ID == finding.ID })
	if at < 0 {
		return Kind{}
	}
	return kinds[at]
}

// TellAtHop puts what there is to say of it at its hop to the hop's own detail, or in the
// place of that.
func (kind Kind) TellAtHop(detail sys.Text) sys.Text {
	switch {
	case kind.instead != "":
		return kind.instead
	case kind.besides != "" && detail != "":
		return detail + ", " + kind.besides
	}
	return detail + kind.besides
}

// Find looks for every cause, in the order in which to tell of them; consequences stand
// beside their roots.
func Find(b *box.Box) []report.Finding {
	var found []report.Finding
	for _, kind := range CommonFirst() {
		finding := kind.find(b)
		if finding == nil {
			continue
		}
		advise(b, finding)
		finding.ID, finding.Title, finding.Step = kind.ID, cmp.Or(finding.Title, kind.Title), kind.Step
		finding.Follows = []string{}
		// What was not read is no evidence.
		finding.Evidence = slices.DeleteFunc(finding.Evidence, func(line report.Evidence) bool { return line.Value == "" })
		restartAnother(b, finding)
		found = append(found, *finding)
	}
	return found
}

// restartAnother offers to start another service of this box again, where a cause lies with it
// and that is what cures it there: by the causes that are found where it is the examined one.
func restartAnother(b *box.Box, finding *report.Finding) {
	other, seen := b.As(finding.Service)
	if !seen || other == b {
		finding.Service = ""
		return
	}
	var own []report.Finding
	for _, kind := range All() {
		before := []report.ClaimID{report.ClaimWay, report.ClaimFiles, report.ClaimCaches}
		if kind.Step == walk.Nginx().Number || slices.Contains(before, kind.Claim) {
			continue
		}
		if one := kind.find(other); one != nil && one.Decides() {
			advise(other, one)
			one.ID = kind.ID
			own = append(own, *one)
		}
	}
	ranked, _ := Rank(own)
	restart := fixes.IDs(fixes.Restart)
	if len(ranked) == 0 || len(ranked[0].Fixes) == 0 || ranked[0].Fixes[0] != restart[0] {
		finding.Service = ""
		return
	}
	finding.Fixes = restart
}

// CommonFirst is every cause there is, in the order in which to tell of them.
func CommonFirst() []Kind {
	kinds := make([]Kind, 0, len(All()))
	for _, common := range []bool{true, false} {
		for _, kind := range All() {
			if kind.common == common {
				kinds = append(kinds, kind)
			}
		}
	}
	return kinds
}

// Rank folds consequences under their roots, and puts those that decide the verdict first:
// the certain before the likely, so that nobody is sent to cure a guess while something is
// known, and each in the order in which to cure them. Of each consequence it also gives the
// cause that it follows from.
func Rank(all []report.Finding) (ranked []report.Finding, follows map[string]report.Finding) {
	found, follows := foldConsequences(slices.Clone(all), CommonFirst())
	kinds := All()
	place := func(finding report.Finding) int {
		return slices.IndexFunc(kinds, func(kind Kind) bool { return kind.ID == finding.ID })
	}
	doubt := func(finding report.Finding) int {
		return slices.Index([]report.Confidence{report.Certain, report.Likely, report.Possible}, finding.Confidence)
	}
	slices.SortStableFunc(found, func(a, b report.Finding) int {
		return cmp.Or(cmp.Compare(doubt(a), doubt(b)), cmp.Compare(place(a), place(b)))
	})
	offerOnce(found)
	return found, follows
}

// offerOnce takes from each cause the fixes that one before it offers for another service: a
// fix has one plan at a time.
func offerOnce(found []report.Finding) {
	whom := map[string]string{}
	for index := range found {
		finding := &found[index]
		finding.Fixes = slices.DeleteFunc(slices.Clone(finding.Fixes), func(id string) bool {
			first, offered := whom[id]
			if !offered {
				whom[id] = finding.Service
			}
			return offered && first != finding.Service
		})
	}
}

// foldConsequences moves each finding that only follows from another one into the Follows of
// the one that follows from nothing, however many lie between. A merely possible root explains
// nothing, and a merely possible consequence is explained and said to follow from nothing.
func foldConsequences(found []report.Finding, kinds []Kind) (roots []report.Finding, follows map[string]report.Finding) {
	at := func(id string) int {
		return slices.IndexFunc(found, func(finding report.Finding) bool { return finding.ID == id })
	}
	parents := map[string]string{}
	for _, kind := range kinds {
		if at(kind.ID) < 0 {
			continue
		}
		for _, root := range kind.under {
			parent := root().ID
			if index := at(parent); index >= 0 && found[index].Decides() && topmost(parents, parent) != kind.ID {
				parents[kind.ID] = parent
				break
			}
		}
	}
	follows = map[string]report.Finding{}
	for _, kind := range kinds {
		if parents[kind.ID] != "" {
			index := at(topmost(parents, kind.ID))
			if found[at(kind.ID)].Decides() {
				found[index].Follows = append(found[index].Follows, kind.ID)
			}
			follows[kind.ID] = found[index]
		}
	}
	return slices.DeleteFunc(found, func(finding report.Finding) bool { return parents[finding.ID] != "" }), follows
}

// topmost is the cause that another one follows from in the end, itself where it follows from
// none.
func topmost(parents map[string]string, id string) string {
	for parents[id] != "" {
		id = parents[id]
	}
	return id
}

// confidence chooses between proof and a good guess.
func confidence(proven bool) report.Confidence {
	if proven {
		return report.Certain
	}
	return report.Likely
}
