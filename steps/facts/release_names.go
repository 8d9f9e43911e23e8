package facts

import (
	"cmp"
	"context"
	"path"
	"regexp"
	"slices"
	"strings"

	"flasktui/sys"
	"flasktui/sys/python/source"
	"flasktui/sys/web"
)

// leaveUnusedLink takes a link that only stands beside the releases for none where nothing
// that starts the service goes through it and that names a newer release itself: it is of
// another time, and to move it would change nothing.
func (deployment *Deployment) leaveUnusedLink(named []string) {
	link := deployment.Link
	if link == nil || link.NotALink || link.Dangling {
		return
	}
	at := func(name string) int {
		return slices.IndexFunc(deployment.Releases, func(release Release) bool { return sys.Within(release.Path, name) })
	}
	newest := at(deployment.Resolved)
	for _, name := range append(named, deployment.Directory) {
		if _, through := link.Rest(name); through {
			return
		}
		newest = max(newest, at(name))
	}
	if newest > at(link.Resolved) {
		deployment.Link, deployment.Active = nil, deployment.Resolved
	}
}

// namedByUnit are the paths that a start goes by: those of the unit on disk where it could be
// read.
func (facts *Facts) namedByUnit() []string {
	files := facts.UnitFiles.Value
	if !facts.UnitFiles.Known || files.Fragment == nil {
		return facts.startedWith()
	}
	named := []string{files.WorkingDirectory.Value, files.Settings.Chdir, facts.Settings.Value.Chdir}
	return append(named, files.ExecStart[:min(len(files.ExecStart), 1)]...)
}

// orderOf tells by which kind of order a release is named: "time" (a date, a time stamp,
// an epoch), "number" (v3, 1.4.2, release-12); empty where the name holds none (a commit).
func orderOf(name string) string {
	switch {
	case regexp.MustCompile(`^\D*(19|20)\d{2}[-_.]?(0[1-9]|1[0-2])[-_.]?([0-2]\d|3[01])([-_.T]?\d+)*Z?$`).MatchString(name):
		return "time"
	case regexp.MustCompile(`^\D*1\d{9}(\d{3})?$`).MatchString(name):
		return "time"
	case regexp.MustCompile(`^([a-zA-Z]+[-_.]?)*v?\d{1,6}([._-]\d{1,6})*$`).MatchString(name):
		return "number"
	}
	return ""
}

// compareNatural orders names so that v9 comes before v10.
func compareNatural(a, b string) int {
	numbers := regexp.MustCompile(`\d+`)
	one, other := numbers.FindAllString(a, -1), numbers.FindAllString(b, -1)
	for index := range min(len(one), len(other)) {
		x, y := strings.TrimLeft(one[index], "0"), strings.TrimLeft(other[index], "0")
		if order := cmp.Or(cmp.Compare(len(x), len(y)), cmp.Compare(x, y)); order != 0 {
			return order
		}
	}
	return cmp.Or(cmp.Compare(len(one), len(other)), cmp.Compare(a, b))
}

// This file knows releases without their names (G52): what makes a directory one is that a
// link beside it or above it leads to one of its siblings.

// leadsToCopies tells whether a link leads to one of several copies of the same: into a
// directory below its own that holds nothing else, or, side by side with them, to one that is
// named by its commit as another is. A copy that somebody laid by, beside the link, is none.
func (look *look) leadsToCopies(ctx context.Context, link, resolved string, siblings []sys.Entry) bool {
	const most = 50
	above, parent := path.Dir(link), path.Dir(resolved)
	if above == "/" || !sys.Within(above, parent) {
		return false
	}
	own, err := look.machine.ReadDir(ctx, resolved)
	if err != nil {
		return false
	}
	copies := 0
	for _, sibling := range siblings[:min(len(siblings), most)] {
		name := path.Join(parent, sibling.Name)
		if !sibling.Type.IsDir() || name == resolved || strings.HasPrefix(sibling.Name, ".") {
			continue
		}
		other, err := look.machine.ReadDir(ctx, name)
		alike := err == nil && isCopyOf(own, other)
		switch {
		case alike && (above != parent || isCommitName(sibling.Name) && isCommitName(path.Base(resolved))):
			copies++
		case above != parent:
			return false
		}
	}
	return copies > 0
}

// isCopyOf tells whether two directories hold the same app: most of what is in the one is in
// the other by the same name, some of it Python's.
func isCopyOf(one, other []sys.Entry) bool {
	common, visible, python := 0, 0, false
	for _, entry := range one {
		if strings.HasPrefix(entry.Name, ".") || entry.Name == "__pycache__" {
			continue
		}
		visible++
		if slices.ContainsFunc(other, func(there sys.Entry) bool { return there.Name == entry.Name && there.Type == entry.Type }) {
			common++
			python = python || entry.Type.IsDir() || isSourceName(entry.Name)
		}
	}
	return python && common*2 >= visible
}

// isCommitName tells a name that is a commit, shortened or whole; figures alone may be a date.
func isCommitName(name string) bool {
	const shortest, whole = 7, 40
	return len(name) >= shortest && len(name) <= whole && strings.Trim(name, "0123456789abcdef") == "" && strings.ContainsAny(name, "abcdef")
}

// holdsCopiesAlone tells whether the releases stand in a directory of their own below the
// link's, whatever it is called, and their names hold no order.
func (deployment *Deployment) holdsCopiesAlone() bool {
	link := deployment.Link
	return link != nil && !link.Dangling && !link.NotALink && path.Dir(link.Path) != deployment.ReleasesDirectory && orderOf(path.Base(link.Resolved)) == ""
}

// Label is what the source on disk has where the view at the version path takes the release from
// that it answers (G49). Nothing that stands there is kept, as it may be anything.
type Label struct {
	// Repeated says that the answer of the app is among it.
	Repeated bool `json:"repeated,omitempty"`
	// Path and Line are where the only name of that kind stands, where it is another one; Line is 0
	// where it is all that the file has.
	Path string `json:"path,omitempty"`
	Line int    `json:"line,omitempty"`
}

const (
	// mostLabelled bounds the sources that are read for labels, and longestLabel each.
	mostLabelled = 500
	longestLabel = 120
)

// GroupLabel is whether the app answers a release that the code on disk could answer.
func GroupLabel() Group {
	return Group{
		name: "label", words: "the release that the source names",
		needs:  []func() Group{GroupDeployment, GroupCode, GroupSite},
		read:   (*look).readLabel,
		fields: []field{fieldOf("", func(facts *Facts) *Fact[Label] { return &facts.Label })},
	}
}

// readLabel follows the view at the version path to what it can answer, and holds against that
// what the app does answer.
func (look *look) readLabel(ctx context.Context, known *Facts) func(*Facts) {
	none := func(why sys.Text) func(*Facts) {
		return func(facts *Facts) { facts.Label = Missing[Label](why, "") }
	}
	code, site := known.Code.Value, known.Site.Value
	said, same := site.App.onlyMarker()
	if !same || known.Deployment.Value.InImage || len(code.sources) > mostLabelled {
		return none("the app names no release, or its code lies in an image")
	}
	var files []source.Source
	for _, name := range code.sources {
		content, err := look.machine.ReadFile(ctx, name, sourceSize)
		if err != nil {
			return func(facts *Facts) { facts.Label = unreadableFor[Label](err, name) }
		}
		files = append(files, source.Source{Path: name, Content: content})
	}
	answer, found := source.AnswerOf(files, site.VersionAt(site.App))
	if !found {
		return none("the sources do not show by themselves what the app can answer")
	}
	label := look.labelIn(ctx, answer, files, code.Tree, said)
	if info, err := look.machine.Stat(ctx, label.Path); label.Path != "" && (err != nil || !info.Changed.Before(known.TakenAt)) {
		label = Label{} // It came while the app was asked.
	}
	return func(facts *Facts) { facts.Label = Of(label, code.Tree) }
}

// onlyMarker is what each answer says of its release, in its text.
func (asked Asked) onlyMarker() (said string, same bool) {
	for _, answer := range asked.Version {
		marker := answer.Marker
		if !answer.OK() || marker.Value == "" || said != "" && marker.Value != said || strings.HasPrefix(marker.From, "header") {
			return "", false // A header may be put there by what lies before the view.
		}
		said = marker.Value
	}
	return said, said != ""
}

// labelIn looks for an answer among the strings that a view can answer: of one that reads a file,
// in the file, which has to be the only one that it can be.
func (look *look) labelIn(ctx context.Context, answer source.Answer, files []source.Source, tree, said string) (label Label) {
	var names, read []string
	another := func(name, file string, line int) {
		switch {
		case web.SameRelease(name, said):
			label.Repeated = true
		case web.NamedAlike(name, said) && !slices.Contains(names, name):
			names, label.Path, label.Line = append(names, name), file, line
		}
	}
	for _, one := range answer.Strings {
		another(one.Text, files[one.At].Path, one.Line)
		if answer.ReadsFile {
			read = append(read, look.besideOrAbove(ctx, tree, files[one.At].Path, one.Text)...)
		}
	}
	slices.Sort(read)
	read = slices.Compact(read)
	for _, file := range read {
		content, err := look.machine.ReadFile(ctx, file, longestLabel)
		value := strings.TrimSpace(string(content))
		if err != nil || strings.Contains(value, "\n") || len(read) > 1 {
			return Label{}
		}
		another(value, file, 0)
	}
	if label.Repeated || len(names) != 1 || answer.ReadsFile && label.Line != 0 {
		return Label{Repeated: label.Repeated}
	}
	return label
}

// besideOrAbove are the files of a name that lie beside a source, or above it in the tree.
func (look *look) besideOrAbove(ctx context.Context, tree, file, name string) (found []string) {
	if name == "" || name != path.Base(name) || strings.HasPrefix(name, ".") {
		return nil
	}
	for directory := path.Dir(file); sys.Within(tree, directory) && len(directory) > 1; directory = path.Dir(directory) {
		if info, err := look.machine.Stat(ctx, path.Join(directory, name)); err == nil && info.Mode.IsRegular() {
			found = append(found, path.Join(directory, name))
		}
	}
	return found
}
