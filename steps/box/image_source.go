package box

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"flasktui/steps/facts"
	"flasktui/sys"
	"flasktui/sys/docker"
)

// NotBuilt is what is on disk and not in an image that is built from it (G42, G43, G60).
type NotBuilt struct {
	Files []facts.SourceDifference
	// Settings are those that the Dockerfile gives otherwise than the image has them.
	Settings []string
	// Since is when the newest image was built; zero where that is not told, and then all
	// that differs counts.
	Since time.Time
	// Cloned is one of the files that the build got from a clone; nil for none.
	Cloned *facts.SourceDifference
	// Newer says that what is on disk is known to be the newer of the two.
	Newer bool
}

// SourceNotBuilt compares the service's image with its source: by content, since a date alone
// may be that of a touch.
func (b *Box) SourceNotBuilt() NotBuilt {
	container, _ := b.TargetContainer()
	return b.notBuilt(b.ImageSource.Value, container)
}

// FrontNotBuilt is the same of the project's own Nginx, and its container.
func (b *Box) FrontNotBuilt() (docker.Container, NotBuilt) {
	container, _ := b.ContainerOf(b.Front.Value.Container)
	return container, b.notBuilt(b.FrontSource.Value, container)
}

func (b *Box) notBuilt(source facts.ImageSource, container docker.Container) NotBuilt {
	notBuilt := NotBuilt{Since: b.newestBuild(container)}
	if len(source.Settings) > 0 && (notBuilt.Since.IsZero() || source.RecipeAt.After(notBuilt.Since)) {
		notBuilt.Settings = source.Settings
	}
	if source.Compared > 0 {
		// Else nothing was found where the Dockerfile seems to put it.
		for index, one := range source.Differences {
			switch {
			case one.Volume != "":
			case one.Cloned:
				notBuilt.Files = append(notBuilt.Files, one)
				if notBuilt.Cloned == nil {
					notBuilt.Cloned = &source.Differences[index]
				}
			case notBuilt.Since.IsZero() && !one.Missing, !notBuilt.Since.IsZero() && one.At.After(notBuilt.Since):
				notBuilt.Files = append(notBuilt.Files, one)
			}
		}
	}
	// The first of them is named: which one that is must not hang on how they were listed.
	slices.SortFunc(notBuilt.Files, func(one, other facts.SourceDifference) int { return strings.Compare(one.Path, other.Path) })
	notBuilt.Newer = len(notBuilt.Settings) > 0 || len(notBuilt.Files) > 0 && (notBuilt.Cloned == nil || source.Behind)
	return notBuilt
}

// newestBuild is when the newer was built of the image that a container runs and the one that
// its tag names; zero where neither tells.
func (b *Box) newestBuild(container docker.Container) time.Time {
	own, tagged := b.BuiltAt(container.ImageID), b.BuiltAt(container.ImageName)
	if tagged.After(own) {
		return tagged
	}
	return own
}

// ImageUnsettled is why it is not known whether the service's image, and that of the project's
// own Nginx, are what is on disk; empty where that is known.
func (b *Box) ImageUnsettled() sys.Text {
	target, _ := b.TargetContainer()
	front, _ := b.ContainerOf(b.Front.Value.Container)
	return cmp.Or(b.FoundBuild.Value.Doubt, b.unsettled(b.ImageSource.Value, target), b.unsettled(b.FrontSource.Value, front))
}

func (b *Box) unsettled(source facts.ImageSource, container docker.Container) sys.Text {
	since := b.newestBuild(container)
	for _, one := range source.Differences {
		// A time can be set back, as `cp -p` and `rsync --inplace` do, but for that of the last
		// change of anything.
		if source.Compared > 0 && one.Volume == "" && !one.Cloned && !since.IsZero() && !one.At.After(since) && one.Touched.After(since) {
			return sys.Textf("%s has different content in the image and on disk; by its times it is older than the image, but something of it was changed after the build, and which of the two is newer is not known", one.Path)
		}
	}
	switch {
	case source.BaseProblem != "" && source.RecipeAt.After(since):
		return source.BaseProblem
	case len(source.Doubtful) > 0:
		return sys.Textf("the image of %s has another %s than %s gives by default: whoever built it may have given an argument of the build (--build-arg), or another Dockerfile was used", container.Called(), source.Doubtful[0], source.Recipe)
	case len(source.Settings) > 0 && !source.RecipeAt.After(since) && !since.IsZero():
		return sys.Textf("the image of %s has another %s than %s gives, though it was built after that file last changed: it was built from something else", container.Called(), source.Settings[0], source.Recipe)
	case len(source.Unread) > 0:
		return sys.Textf("what `%s` of the Dockerfile put into the image cannot be compared", source.Unread[0])
	}
	return ""
}
