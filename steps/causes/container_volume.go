package causes

import (
	"strings"

	"flasktui/steps/box"
	"flasktui/steps/facts"
	"flasktui/steps/fixes"
	"flasktui/sys"
)

// hiddenByVolume are the files of the source that a volume hides.
func hiddenByVolume(b *box.Box, wanted func(facts.SourceDifference) bool) []facts.SourceDifference {
	var hidden []facts.SourceDifference
	for _, difference := range b.ImageSource.Value.Differences {
		if difference.Volume != "" && wanted(difference) {
			hidden = append(hidden, difference)
		}
	}
	return hidden
}

// volumeFixes fill the volume anew, where a named one hides files of the image.
func volumeFixes(b *box.Box) []string {
	if _, hides := b.HidingVolume(); hides {
		return fixes.IDs(fixes.VolumeRenew)
	}
	return nil
}

// volumeAdvice does not offer what would throw data away.
func volumeAdvice(b *box.Box, hidden facts.SourceDifference) sys.Text {
	container, _ := b.TargetContainer()
	compose := sys.CommandLine(b.ComposeArgv(container))
	if hidden.VolumeAnonymous {
		return sys.Textf("Docker made this volume itself and carries it over to every new container. What is in it besides the image's files is lost by: %s up -d --force-recreate -V %s", compose, container.Service)
	}
	services, others := b.UsersOf(hidden.Volume)
	if len(services) == 0 {
		services = []string{container.Service}
	}
	all := strings.Join(services, " ")
	advice := sys.Textf("Take the volume out of the Compose file if it is not meant to hold anything but the image's files; or remove it, which loses whatever else is in it. Docker removes none that any container has, so all of them go first: %s rm -s -f %s, then %s, then %s up -d %s",
		compose, all, box.DockerLine(container, "volume", "rm", hidden.Volume), compose, all)
	if len(others) > 0 {
		advice += sys.Textf(". %s of another project has it as well, and has to go first", strings.Join(others, ", "))
	}
	return advice
}
