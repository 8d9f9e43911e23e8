package memory

import (
	"context"
	"slices"

	"flasktui/sys/python/jinja"
)

// CompareTemplates asks the memory about Jinja's templates. NotImported is of one that the
// process has not rendered. One of whose text nothing is there at all stays silent: an app
// may have other tags, or strip white space. Agrees proves as little as it does of a module:
// an expression may be another one.
func (p *Process) CompareTemplates(ctx context.Context, files []File) ([]Compared, error) {
	literals := make([][]jinja.Literal, len(files))
	var words []string
	for i, file := range files {
		words = append(words, file.Paths...)
		all, _ := jinja.Literals(string(file.Content))
		for _, one := range all {
			if len(one.Text) > 1 && len(one.Text) <= longestText && isASCII(one.Text) {
				literals[i] = append(literals[i], one)
				words = append(words, one.Text)
			}
		}
	}
	found, err := p.Find(ctx, words)
	if err != nil {
		return nil, err
	}
	results := make([]Compared, len(files))
	for i, file := range files {
		results[i] = compareTemplate(file, literals[i], found)
	}
	return results, nil
}

func compareTemplate(file File, literals []jinja.Literal, found Found) Compared {
	at := slices.IndexFunc(file.Paths, func(name string) bool { return found.Present[name] })
	if at < 0 && (len(file.Paths) == 0 || !slices.ContainsFunc(file.Paths, isASCII)) {
		return Compared{Outcome: Silent} // no name that could be looked for
	}
	if at < 0 {
		return Compared{Outcome: NotImported}
	}
	result := Compared{Outcome: Silent, Imported: file.Paths[at]}
	missing := slices.IndexFunc(literals, func(one jinja.Literal) bool { return !found.Present[one.Text] })
	present := slices.ContainsFunc(literals, func(one jinja.Literal) bool { return found.Present[one.Text] })
	switch {
	case !present:
	case missing < 0:
		result.Outcome = Agrees
	default:
		result.Outcome = Another
		result.Difference = Difference{Word: literals[missing].Text, Line: literals[missing].Line}
	}
	return result
}

func isASCII(text string) bool {
	return !slices.ContainsFunc([]byte(text), func(c byte) bool { return c == 0 || c >= 0x80 })
}
