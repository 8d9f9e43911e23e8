package steps

import "flasktui/steps/causes"

// Causes is every cause there is, the guide's ten common ones first.
func Causes() []causes.Kind { return causes.All() }
