package causes

import (
	"flasktui/steps/box"
	"flasktui/steps/facts"
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

// volumeAdvice does not offer what would throw data away.
func volumeAdvice(b *box.Box, hidden facts.SourceDifference) sys.Text {
	container, _ := b.TargetContainer()
	compose := sys.CommandLine(b.ComposeArgv(container))
	if hidden.VolumeAnonymous {
		return sys.Textf("Docker made this volume itself and carries it over to every new container. What is in it besides the image's files is lost by: %s up -d --force-recreate -V %s", compose, container.Service)
	}
	return sys.Textf("Take the volume out of the Compose file if it is not meant to hold anything but the image's files; or remove it, which loses whatever else is in it: %s stop %s, %s rm -f %s, docker volume rm %s, %s up -d %s",
		compose, container.Service, compose, container.Service, hidden.Volume, compose, container.Service)
}
