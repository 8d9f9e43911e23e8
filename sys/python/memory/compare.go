package memory

import (
	"cmp"
	"context"
	"slices"

	"flasktui/sys/python/source"
)

// Outcome is what the memory of a process says of a file on disk.
type Outcome int

// The outcomes. Agrees is no proof of sameness: an operator that was exchanged for one of
// the same length shows nowhere.
const (
	// Silent: the memory cannot tell.
	Silent Outcome = iota
	// NotImported: nothing of this file is there.
	NotImported
	// Another: the file on disk has what the process would have to have, and has not.
	Another
	// Agrees: everything that could be compared is there, in its place.
	Agrees
)

// Difference is what shows that a process imported different content than the file has.
type Difference struct {
	// Word is missing from the memory; empty where a place differs.
	Word string
	// Function is the qualified name of the function that has it, and Line its line in the
	// file.
	Function string
	Line     int
	// Value says that Function is no function, but a name at the top of the module, which holds
	// another number, truth value or string there.
	Value bool
	// Loaded is the line at which the process has the function; 0 where a word is missing.
	Loaded int
}

// File is a file to compare: the names by which it may have been imported, and its content.
type File struct {
	Paths   []string
	Content []byte
}

// Compared is the outcome for one file.
type Compared struct {
	Outcome Outcome
	// Imported is the name under which the process imported it.
	Imported   string
	Difference Difference
}

// Compare asks the memory about files. One that has neither functions nor words to look for
// stays silent.
func (p *Process) Compare(ctx context.Context, files []File) ([]Compared, error) {
	parsed := make([]parsedFile, len(files))
	var words []string
	for i, file := range files {
		parsed[i].tokens = source.Tokens(file.Content)
		parsed[i].functions = source.Functions(parsed[i].tokens)
		parsed[i].module = source.ModuleWords(parsed[i].tokens)
		parsed[i].values = source.ModuleValues(parsed[i].tokens)
		for _, word := range slices.Concat(source.Words(parsed[i].functions), parsed[i].module) {
			words = append(words, word.Text)
		}
	}
	found, err := p.Find(ctx, words)
	if err != nil {
		return nil, err
	}
	asked := map[string]map[string]bool{}
	for i, file := range files {
		for _, name := range file.Paths {
			asked[name] = parsed[i].names()
		}
	}
	loaded, err := p.load(ctx, found, asked)
	if err != nil {
		return nil, err
	}
	results := make([]Compared, len(files))
	for i, file := range files {
		results[i] = parsed[i].compare(file, found, loaded)
	}
	return results, nil
}

type parsedFile struct {
	tokens    []source.Token
	functions []source.Function
	module    []source.Word
	values    []source.Value
}

func (f parsedFile) names() map[string]bool {
	names := map[string]bool{}
	for _, value := range f.values {
		names[value.Name] = true
	}
	return names
}

func (f parsedFile) compare(file File, found Found, all map[string]loaded) Compared {
	at := slices.IndexFunc(file.Paths, func(name string) bool { return slices.Contains(found.Paths, name) })
	if at < 0 {
		return Compared{Outcome: NotImported}
	}
	result := Compared{Outcome: Silent, Imported: file.Paths[at]}
	loaded := f.own(all[file.Paths[at]].codes)
	places := newPlaces(f.tokens)
	if words := f.module; len(words) > 0 {
		result.Difference, result.Outcome = missing(words, found)
		if result.Outcome == Another {
			return result
		}
	}
	if difference, outcome := compareValues(f.values, all[file.Paths[at]].values); outcome != Silent {
		result.Difference, result.Outcome = difference, outcome
		if outcome == Another {
			return result
		}
	}
	for _, function := range f.functions {
		difference, outcome := places.compare(function, loaded)
		if outcome != Another && (outcome == Agrees || len(loaded) == 0 && function.Kept) {
			difference, outcome = missing(source.Words([]source.Function{function}), found)
		}
		switch outcome {
		case Another:
			result.Outcome, result.Difference = Another, difference
			return result
		case Agrees:
			result.Outcome = Agrees
		}
	}
	return result
}

// own are the code objects of a file, if they are its: an interpreter has modules built in
// whose code names no file, and then what seems to name it is something else.
func (f parsedFile) own(codes []Code) []Code {
	for _, function := range f.functions {
		if slices.ContainsFunc(codes, func(code Code) bool { return code.Name == function.Name }) {
			return codes
		}
	}
	return nil
}

// missing looks for a word that the memory does not have.
func missing(words []source.Word, found Found) (Difference, Outcome) {
	for _, word := range words {
		if !found.Present[word.Text] {
			return Difference{Word: word.Text, Function: word.Function, Line: word.Line}, Another
		}
	}
	if len(words) == 0 {
		return Difference{}, Silent
	}
	return Difference{}, Agrees
}

// places are where the tokens of a file begin and end.
type places struct {
	starts, ends map[[2]int]bool
	// strings are in the order of the file: what lies in one is a formatted string's own.
	strings []source.Token
}

func newPlaces(tokens []source.Token) places {
	p := places{starts: map[[2]int]bool{}, ends: map[[2]int]bool{}}
	for _, token := range tokens {
		p.starts[[2]int{token.Line, token.Column}] = true
		p.ends[[2]int{token.EndLine, token.EndColumn}] = true
		if token.Kind == source.String {
			p.strings = append(p.strings, token)
		}
	}
	return p
}

// compare looks for a function among what was loaded: at its line, with all of its
// instructions at places where the file has tokens. One that is not there at all is missing
// only if nothing can have thrown it away.
func (p places) compare(function source.Function, loaded []Code) (Difference, Outcome) {
	difference, outcome := Difference{Function: function.Name, Line: function.FirstLine}, Silent
	if len(loaded) > 0 && function.Kept {
		outcome = Another
	}
	for _, code := range loaded {
		if code.Name != function.Name {
			continue
		}
		line, fits := p.fit(code)
		if fits {
			line, fits = holdsNumbers(function, code)
		}
		switch {
		case code.FirstLine == function.FirstLine && fits:
			return Difference{}, Agrees
		case code.FirstLine != function.FirstLine:
			difference.Loaded = code.FirstLine
		default:
			difference.Line, difference.Loaded = line, line
		}
		if function.Kept || code.FirstLine == function.FirstLine {
			outcome = Another
		}
	}
	return difference, outcome
}

// holdsNumbers tells whether a code object has the numbers of a function, and the line of
// the first that it has not.
func holdsNumbers(function source.Function, code Code) (line int, holds bool) {
	for _, number := range source.Numbers(function) {
		if number.Float && !code.Floats[number.Value] || !number.Float && !code.Whole[number.Value] {
			return number.Line, false
		}
	}
	return 0, true
}

func (p places) fit(code Code) (line int, fits bool) {
	for _, position := range code.Positions {
		if position.Column < 0 || position.Line == position.EndLine && position.Column == position.EndColumn {
			continue
		}
		start, end := [2]int{position.Line, position.Column}, [2]int{position.EndLine, position.EndColumn}
		if !p.starts[start] && !p.inString(start) || !p.ends[end] && !p.inString(end) {
			return position.Line, false
		}
	}
	return 0, true
}

func (p places) inString(place [2]int) bool {
	at, _ := slices.BinarySearchFunc(p.strings, place, func(t source.Token, place [2]int) int {
		return cmp.Or(cmp.Compare(t.EndLine, place[0]), cmp.Compare(t.EndColumn, place[1]))
	})
	if at == len(p.strings) {
		return false
	}
	start := p.strings[at]
	return cmp.Or(cmp.Compare(start.Line, place[0]), cmp.Compare(start.Column, place[1])) < 0
}
