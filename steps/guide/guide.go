// Package guide is what flasktui teaches: what a page is, the words that pages use, and the
// traps. It is data; what was found on a box is not its business. The page of a step, a
// cause or a fix stands in its own file.
//
// Commands hold placeholders in braces, which Fill replaces with a box's own names.
//
// It knows nothing else of the project. Begin with Page; the words are in words.go, the traps in
// traps*.go.
package guide

import (
	"regexp"
	"slices"
	"strings"
)

// Page teaches one step, cause or fix. Which fields are filled depends on which of them
// it is; Sections gives those that are, in reading order.
type Page struct {
	ID    string
	Title string

	// Of a step: the question in plain words, why it matters, what good looks like,
	// how to read the evidence, the usual mistake, and what to do when it fails.
	Asks      string
	Why       string
	Good      string
	Read      string
	Mistake   string
	IfItFails string

	// Of a cause: what it is, how it comes about, and what makes it impossible. Guard
	// holds the lines of a deploy script or a configuration that would have.
	What    string
	How     string
	Prevent string
	Guard   []string

	// Of a fix: what it does, when it is right, what it may cost, how to go back, and
	// what proves that it worked.
	Does  string
	When  string
	Risk  string
	Undo  string
	Proof string

	// Commands are what to type to see the same by hand; of a fix, what it runs.
	Commands []string
	// See are the ids of pages to read next.
	See []string
}

// Section is one headed part of a page.
type Section struct {
	Heading string
	Text    string
	// Lines are commands or lines of a file, to be shown as they are.
	Lines []string
}

// Sections are the filled parts of a page in reading order.
func (p Page) Sections() []Section {
	all := []Section{
		{Heading: "It asks", Text: p.Asks},
		{Heading: "Why it matters", Text: p.Why},
		{Heading: "What good looks like", Text: p.Good},
		{Heading: "How to read it", Text: p.Read},
		{Heading: "The usual mistake", Text: p.Mistake},
		{Heading: "What it is", Text: p.What},
		{Heading: "How it comes about", Text: p.How},
		{Heading: "What it does", Text: p.Does},
		{Heading: "When it is right", Text: p.When},
		{Heading: "What it may cost", Text: p.Risk},
		{Heading: "The way back", Text: p.Undo},
		{Heading: "What proves it", Text: p.Proof},
		{Heading: "By hand", Lines: p.Commands},
		{Heading: "If it fails", Text: p.IfItFails},
		{Heading: "Never again", Text: p.Prevent, Lines: p.Guard},
	}
	return slices.DeleteFunc(all, func(s Section) bool { return s.Text == "" && len(s.Lines) == 0 })
}

// Word is an entry of the glossary.
type Word struct {
	Word    string
	Meaning string
}

// Names are a box's own names for the placeholders of commands: "unit", "url",
// "root" (the directory that holds releases/ and current), "current", "venv", "pid"
// (the server's main process), "server" (its program), "socket", "asset" (a static file's path in the URL), "envfile",
// "container", "project" (of Compose) and "service" (in Compose).
type Names map[string]string

// Fill puts names into a command; a name that is not known stays as a word in capitals,
// to be replaced by the reader. Other braces, of shells and templates, are left alone.
func Fill(command string, names Names) string {
	placeholder := regexp.MustCompile(`\{\{.*?\}\}|\{[a-z]+\}/?`)
	return placeholder.ReplaceAllStringFunc(command, func(found string) string {
		if strings.HasPrefix(found, "{{") {
			return found // Docker's own templates.
		}
		word, after, _ := strings.Cut(found[1:], "}")
		name, known := names[word]
		if !known || name == "" {
			return strings.ToUpper(word) + after
		}
		if after != "" {
			// An address may end in the slash that the path after it begins with.
			name = strings.TrimSuffix(name, "/")
		}
		return name + after
	})
}
