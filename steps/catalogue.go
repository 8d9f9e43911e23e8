package steps

import (
	"flasktui/steps/causes"
	"flasktui/steps/fixes"
	"flasktui/steps/guide"
	"flasktui/steps/walk"
)

// Step is one of the guide's fourteen questions. The type belongs to the walk; the faces
// need not know that room.
type Step = walk.Step

// All is the walk, in the guide's order.
func All() []Step { return walk.All() }

// Causes is every cause there is, the guide's ten common ones first.
func Causes() []causes.Kind { return causes.CommonFirst() }

// Fixes is every fix there is.
func Fixes() []fixes.Kind { return fixes.All() }

// StepPage is the page of a step by its id, "service-restart" for one, or its number.
func StepPage(id string) (guide.Page, bool) {
	step, known := walk.ByID(id)
	return step.Page(), known
}

// CausePage is the page of a cause by its id.
func CausePage(id string) (guide.Page, bool) {
	for _, cause := range Causes() {
		if cause.ID == id {
			return cause.Page(), true
		}
	}
	return guide.Page{}, false
}

// FixPage is the page of a fix by its id.
func FixPage(id string) (guide.Page, bool) {
	fix, known := fixes.ByID(id)
	return fix.Page(), known
}
