package causes

import (
	"slices"

	"flasktui/steps/box"
	"flasktui/steps/report"
)

// Kind is one way in which old code stays live: what can be known of it without a
// box, and the one function that sees it in the facts. A Finding is a cause that was
// seen on one.
type Kind struct {
	ID    string
	Title string
	// Step is the step that shows it.
	Step int
	// find returns nil where the facts show nothing of the kind.
	find func(*box.Box) *report.Finding
	// under are causes of which this one is a mere consequence: where one of them is
	// found, this one is folded under it.
	under []string
}

// Find looks for every cause; consequences stand beside their roots.
func Find(b *box.Box) []report.Finding {
	var found []report.Finding
	for _, kind := range All() {
		finding := kind.find(b)
		if finding == nil {
			continue
		}
		advise(b, finding)
		finding.ID, finding.Title, finding.Step = kind.ID, kind.Title, kind.Step
		finding.Follows = []string{}
		found = append(found, *finding)
	}
	return found
}

// Rank folds consequences under their roots, and puts those that decide the verdict
// first, in the order in which to cure them. Of each consequence it also gives the cause
// that it follows from.
func Rank(all []report.Finding) (ranked []report.Finding, follows map[string]report.Finding) {
	found, follows := foldConsequences(slices.Clone(all), All())
	order := cureOrder()
	slices.SortStableFunc(found, func(a, b report.Finding) int {
		if decidesA, decidesB := a.Decides(), b.Decides(); decidesA != decidesB {
			if decidesA {
				return -1
			}
			return 1
		}
		return slices.Index(order, a.ID) - slices.Index(order, b.ID)
	})
	return found, follows
}

// foldConsequences moves each finding that only follows from another one into that one's
// Follows. A merely possible root explains nothing.
func foldConsequences(found []report.Finding, kinds []Kind) (roots []report.Finding, follows map[string]report.Finding) {
	at := func(id string) int {
		return slices.IndexFunc(found, func(finding report.Finding) bool { return finding.ID == id && finding.Decides() })
	}
	follows = map[string]report.Finding{}
	for _, kind := range kinds {
		child := slices.IndexFunc(found, func(finding report.Finding) bool { return finding.ID == kind.ID })
		if child < 0 {
			continue
		}
		for _, parent := range kind.under {
			if index := at(parent); index >= 0 && !slices.Contains(found[child].Follows, parent) {
				found[index].Follows = append(found[index].Follows, kind.ID)
				follows[kind.ID] = found[index]
				break
			}
		}
	}
	return slices.DeleteFunc(found, func(finding report.Finding) bool { _, folded := follows[finding.ID]; return folded }), follows
}

// cureOrder is the order in which causes are cured when several are found: first who
// answers at all, then what the disk and the unit say, then the processes, then what
// stands before them.
func cureOrder() []string {
	return []string{
		"wrong-service", "orphan-gunicorn", "symlink-broken", "symlink-not-switched", "unit-points-to-old-path",
		"daemon-reload-needed", "unit-change-not-applied", "deployed-elsewhere",
		"installed-package-shadows-checkout", "stale-bytecode", "container-stale", "release-dir-deleted",
		"hup-with-preload", "mixed-workers", "service-failed", "service-not-restarted", "env-not-reloaded",
		"templates-cached", "nginx-config-invalid", "nginx-not-reloaded", "nginx-wrong-upstream",
		"nginx-stale-address", "static-stale", "cache-serves-old", "background-workers-stale",
	}
}

// confidence chooses between proof and a good guess.
func confidence(proven bool) report.Confidence {
	if proven {
		return report.Certain
	}
	return report.Likely
}
