package facts

import (
	"context"

	"flasktui/sys/docker"
)

// GroupFrontSource is what the image of the project's own Nginx was built from.
func GroupFrontSource() Group {
	return Group{
		name: "front-source", words: "the source of the Nginx's image",
		needs:  []func() Group{GroupDeployment, GroupImages, GroupFront},
		read:   (*look).readFrontSource,
		fields: []field{fieldOf("/proc/PID/root", func(facts *Facts) *Fact[ImageSource] { return &facts.FrontSource })},
	}
}

// readFrontSource compares the image of the Nginx that stands before the service, where the
// same Compose project builds it, with what it is built from (G60).
func (look *look) readFrontSource(ctx context.Context, known *Facts) func(*Facts) {
	const from = "the files of the build's context, and /proc/PID/root"
	target, ok := known.TargetContainer()
	front, inContainer := known.ContainerOf(known.Front.Value.Container)
	service, described := known.Compose.Value.Others[front.Service]
	if !ok || !inContainer || front.ID == target.ID || !sameProject(front, target) || !described || service.Build == nil {
		return func(facts *Facts) {
			facts.FrontSource = Missing[ImageSource]("no Nginx before the service has an image that the same Compose project builds", from)
		}
	}
	compose := ComposeFacts{
		Compose: docker.Compose{Service: &service, Reader: known.Compose.Value.Reader}, Project: known.Compose.Value.Project, Copies: []SourceCopy{},
	}
	look.readBuild(ctx, &compose, known.Options.AppDir)
	trial := *known
	trial.Target.Container, trial.Compose = known.Front.Value.Container, Of(compose, known.Compose.Source)
	trial.Settings, trial.Inside = Fact[Settings]{}, Fact[Inside]{}
	if inside, err := look.insideOf(ctx, front); err == nil {
		trial.Inside = Of(inside, inside.Root)
	} else {
		trial.Inside = unreadableFor[Inside](err, from)
	}
	source := look.imageSource(ctx, &trial)
	return func(facts *Facts) { facts.FrontSource = source }
}
