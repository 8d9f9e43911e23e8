package facts

import (
	"cmp"
	"context"
	"path"
	"slices"
	"strings"
	"time"

	"flasktui/sys"
	"flasktui/sys/docker"
	"flasktui/sys/git"
)

// This file finds what the image of a container is built from that no Compose project has:
// `docker run` keeps nothing of that. A directory is taken for it where something says so, or
// where what its Dockerfile copies is in the image.

// FoundBuild is what was found of how an image is built.
type FoundBuild struct {
	ImageBuild
	// Context is the directory that it is built from, and By what shows that; both are empty
	// where none was found.
	Context string   `json:"context,omitempty"`
	By      sys.Text `json:"by,omitempty"`
	// Doubt is why it is not known whether a directory that has other content is the one.
	Doubt sys.Text `json:"doubt,omitempty"`
	// FromRegistry says that the image may have been made on another machine, ByUnit that the
	// commands of the container's unit build it.
	FromRegistry bool `json:"from_registry,omitempty"`
	ByUnit       bool `json:"by_unit,omitempty"`
	// Dockerfile is the one that it is built by.
	Dockerfile string `json:"dockerfile,omitempty"`
}

// GroupFoundBuild is how the image of a container of no Compose project is built.
func GroupFoundBuild() Group {
	return Group{
		name: "found-build", words: "what the image is built from",
		needs:  []func() Group{GroupSettings, GroupInside, GroupImages},
		read:   (*look).readFoundBuild,
		fields: []field{fieldOf("the Dockerfiles of this box", func(facts *Facts) *Fact[FoundBuild] { return &facts.FoundBuild })},
	}
}

func (look *look) readFoundBuild(ctx context.Context, known *Facts) func(*Facts) {
	const source = "the Dockerfiles of this box"
	enter := func(found Fact[FoundBuild]) func(*Facts) { return func(facts *Facts) { facts.FoundBuild = found } }
	container, ok := known.TargetContainer()
	switch {
	case !ok:
		return enter(Missing[FoundBuild]("the service is not a container", source))
	case container.Project != "":
		return enter(Missing[FoundBuild]("the Compose files say how the image is built", source))
	case !known.Images.Known:
		return enter(restsOn[FoundBuild](known.Images, source))
	case !known.Inside.Known:
		return enter(restsOn[FoundBuild](known.Inside, source))
	}
	search := buildSearch{look: look, known: known, container: container, accounts: sys.ReadAccounts(ctx, look.machine)}
	image, isTagged := known.Images.Value[container.ImageName]
	if !isTagged {
		image = known.Images.Value[container.ImageID]
	}
	search.image = image
	found := search.find(ctx)
	if ctx.Err() != nil {
		return enter(unreadableFor[FoundBuild](ctx.Err(), source))
	}
	return enter(Of(found, source))
}

// buildSearch looks for the build of a container's image: the image that its tag names now.
type buildSearch struct {
	look      *look
	known     *Facts
	container docker.Container
	image     docker.Image
	accounts  sys.Accounts
}

// What ties a directory to the image beside its content, the weakest first.
const (
	byContent = iota
	byName
	besideIt
	bySaying
)

// buildCandidate is a build that a directory offers.
type buildCandidate struct {
	docker.ComposeBuild
	rank  int
	built ImageBuild
	// says names what leads to the directory; byUnit says that it is the container's unit, which
	// builds the image.
	says   sys.Text
	byUnit bool
	// same and other count the files that are in the image as the Dockerfile puts them there,
	// with the same or with another content; the smallest ones, which many projects have, do not
	// count. once is one whose content in the image its repository once had.
	same, other int
	once        string
	// steps is 1 where the Dockerfile makes the very steps that the image was made by.
	steps int
	// newer is a file of it that is not in the image and changed after the image was made.
	newer string
}

// buildsTried bounds how many builds are compared with the image.
const buildsTried = 48

func (search *buildSearch) find(ctx context.Context) FoundBuild {
	found := FoundBuild{FromRegistry: search.image.FromRegistry(search.container.ImageName)}
	var tied, alike []buildCandidate
	for _, candidate := range search.candidates(ctx) {
		switch search.compare(ctx, &candidate); {
		case candidate.built.BuildProblem != "" && candidate.rank == bySaying:
			search.take(&found, candidate)
			return found
		case candidate.built.Recipe == nil || candidate.built.BuildProblem != "":
		case candidate.isTied(found.FromRegistry):
			tied = append(tied, candidate)
		case candidate.isAlike():
			alike = append(alike, candidate)
		}
	}
	best := func(one, other buildCandidate) int {
		return cmp.Or(cmp.Compare(other.rank, one.rank), cmp.Compare(other.steps, one.steps), cmp.Compare(other.same, one.same), cmp.Compare(one.other, other.other), strings.Compare(one.Dockerfile, other.Dockerfile), strings.Compare(other.Context, one.Context))
	}
	slices.SortStableFunc(tied, best)
	slices.SortStableFunc(alike, best)
	changed := func(one buildCandidate) bool { return one.newer != "" }
	switch {
	case len(tied) > 0:
		chosen := tied[0]
		for _, other := range tied[1:] {
			if other.rank == chosen.rank && other.rank < bySaying && other.Context != chosen.Context && (changed(other) || changed(chosen)) && !sys.Within(chosen.Context, other.Context) && !sys.Within(other.Context, chosen.Context) {
				found.Doubt = sys.Textf("%s and %s both have a Dockerfile and files of the image %s, and %s is newer than the image: which of the two it is built from is not known",
					chosen.Context, other.Context, search.container.ImageName, cmp.Or(chosen.newer, other.newer))
				return found
			}
		}
		search.take(&found, chosen)
	case slices.ContainsFunc(alike, changed):
		one := alike[slices.IndexFunc(alike, changed)]
		found.Doubt = sys.Textf("%s has a Dockerfile and files of the image %s, and %s is newer than the image: whether the image is built from there is not known", one.Context, search.container.ImageName, one.newer)
		if found.FromRegistry {
			found.Doubt = sys.Textf("%s has a Dockerfile and files of the image %s, and %s is newer than the image, which comes from a registry: whether a newer one ought to be there is not known", one.Context, search.container.ImageName, one.newer)
		}
	}
	return found
}

func (search *buildSearch) take(found *FoundBuild, chosen buildCandidate) {
	found.ImageBuild, found.Context, found.Dockerfile, found.By, found.ByUnit = chosen.built, chosen.Context, chosen.Dockerfile, why(chosen), chosen.byUnit
}

// isTied: something names the directory; or its repository once had what the image has; or what
// is at all the same is most of it, and the directory is called like the image or stands where
// the container is started from; or nothing differs. An image of another machine was built there.
func (candidate buildCandidate) isTied(fromRegistry bool) bool {
	switch {
	case candidate.rank == bySaying:
		return true
	case candidate.same > 0 && candidate.other == 0 && candidate.newer == "":
		return true
	case fromRegistry:
		return false
	case candidate.once != "", candidate.same > 0 && candidate.other == 0:
		return true
	}
	return candidate.rank > byContent && candidate.same+candidate.other > 0 && (candidate.steps == 1 || candidate.same > 0 && candidate.same >= candidate.other)
}

// isAlike suggests no more than that the image may be built from there.
func (candidate buildCandidate) isAlike() bool {
	return candidate.once != "" || candidate.same > 0 && candidate.same >= candidate.other || candidate.rank > byContent && candidate.other > 0
}

// why says what shows that the image is built from a directory.
func why(chosen buildCandidate) sys.Text {
	const files = "what its Dockerfile copies is in the image"
	switch {
	case chosen.rank == bySaying:
		return chosen.says
	case chosen.once != "":
		return sys.Textf("its repository once had the %s that is in the image", path.Base(chosen.once))
	case chosen.steps == 1 && chosen.same == 0:
		return sys.Textf("it is called like the image, and its Dockerfile has the steps by which that was made")
	case chosen.rank > byContent:
		return chosen.says + ", and " + files
	}
	return files
}

// compare holds what a build copies against the image.
func (search *buildSearch) compare(ctx context.Context, candidate *buildCandidate) {
	look := search.look
	told := candidate.ComposeBuild
	candidate.built = ImageBuild{Copies: []SourceCopy{}, Remote: []string{}, Told: &told}
	look.readRecipe(ctx, &candidate.built, told, nil, candidate.Context)
	if candidate.built.Recipe == nil {
		return
	}
	trial := *search.known
	trial.FoundBuild = Of(FoundBuild{ImageBuild: candidate.built}, "")
	compared := look.compareSource(ctx, &trial)
	candidate.same, candidate.other = compared.telling, 0
	var objects git.Objects
	if repository, err := git.FindRepository(ctx, look.machine, candidate.Context); err == nil && repository != nil {
		// Where its objects cannot be read, it has none of them.
		objects, _ = repository.OpenObjects(ctx, look.machine)
	}
	since := search.since()
	for _, one := range compared.found.Differences {
		if since.IsZero() && !one.Missing || !since.IsZero() && (one.At.After(since) || one.Touched.After(since) && !one.Missing) {
			candidate.newer = cmp.Or(candidate.newer, one.Path)
		}
		if one.Missing || one.Static {
			continue
		}
		candidate.other++
		if content, err := look.readResolved(ctx, search.known.Inside.Value.Root+one.Inside, sourceFileLimit); err == nil && len(content) >= tellingSize && objects.Has(ctx, git.BlobName(content)) {
			candidate.once = one.Path
		}
	}
	if candidate.rank < bySaying && candidate.same+candidate.other > 0 && search.hasSteps(ctx, *candidate) {
		candidate.steps = 1
	}
	if candidate.newer == "" && candidate.steps == 0 && candidate.built.RecipeAt.After(since) {
		candidate.newer = candidate.Dockerfile
	}
}

// since is when the newer was made of the image that the container runs and the one that its tag
// names.
func (search *buildSearch) since() time.Time {
	own, tagged := search.known.Images.Value[search.container.ImageID].Created, search.image.Created
	const firstDocker = 2013
	if own.After(tagged) {
		tagged = own
	}
	if tagged.Year() < firstDocker {
		return time.Time{}
	}
	return tagged
}

// hasSteps tells whether the image was made by the steps that a Dockerfile has.
func (search *buildSearch) hasSteps(ctx context.Context, candidate buildCandidate) bool {
	recipe := candidate.built.Recipe
	settings, isTarget := recipe.Settings(candidate.Target)
	if !isTarget {
		return false
	}
	if differ, doubtful := settings.Differences(search.image, nil); len(differ)+len(doubtful) > 0 {
		return false
	}
	base, isKnown := recipe.Base(candidate.Target)
	if !isKnown {
		base.Value = ""
	}
	origin, err := docker.ReadOrigin(ctx, search.look.machine, search.container.Daemon, search.image, base.Value)
	return err == nil && !origin.Other && len(recipe.OtherSteps(candidate.Target, origin, search.image)) == 0
}
