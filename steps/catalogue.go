package steps

import (
	"flasktui/steps/causes"
	"flasktui/steps/fixes"
	"flasktui/steps/walk"
)

// Step is one of the guide's fourteen questions. The type belongs to the walk; the faces
// need not know that room.
type Step = walk.Step

// All is the walk, in the guide's order.
func All() []Step { return walk.All() }

// StepByID finds a step by its id or its number; ok is false where there is none.
func StepByID(id string) (Step, bool) { return walk.ByID(id) }

// Causes is every cause there is, in the order in which to cure them.
func Causes() []causes.Kind { return causes.All() }

// Fixes is every cure there is.
func Fixes() []fixes.Kind { return fixes.All() }
