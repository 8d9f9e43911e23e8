// Package licenses holds the licences of everything that is linked into flasktui, as their
// authors wrote them. Its test keeps the file to what is linked in; `make licenses` writes it
// anew.
package licenses

import _ "embed"

// Text is one licence after another, each under the name of its module.
//
//go:embed LICENSES.txt
var Text string
