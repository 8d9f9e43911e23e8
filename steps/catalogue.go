package steps

import (
	"flasktui/steps/causes"
	"flasktui/steps/fixes"
)

// Causes is every cause there is, the guide's ten common ones first.
func Causes() []causes.Kind { return causes.All() }

// Fixes is every cure there is.
func Fixes() []fixes.Kind { return fixes.All() }
