// Package terminal keeps flasktui from talking to the terminal before main has begun.
//
// Bubble Tea v1 asks the terminal for its background colour while packages are
// initialised. Where nobody answers (ssh -tt in a script, CI, a browser's console) that
// costs five seconds and writes an escape sequence into the output of --version and
// --json: https://github.com/charmbracelet/bubbletea/issues/1771, closed as not planned.
//
// Answering the question before it is asked is the cure. Go initialises packages in the
// order of their import paths as soon as their own imports are ready, so this package
// runs first because it imports lipgloss alone and because its path sorts before
// github.com/charmbracelet/bubbletea. Both are held by a test.
package terminal

import "github.com/charmbracelet/lipgloss"

// The answer itself does not matter: ui/theme never asks for it.
func init() { lipgloss.SetHasDarkBackground(true) }
