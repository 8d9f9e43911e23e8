package steps

import "flasktui/sys"

// findContainer sees a container whose image is not the one that its tag names now (G40).
func findContainer(v *view) *Finding {
	container, ok := v.TargetContainer()
	if !ok {
		return nil
	}
	image, known := v.Images.Value[container.ImageName]
	if !known || image.ID == container.ImageID {
		return nil
	}
	if running, ok := v.Images.Value[container.ImageID]; ok && sameLayers(running.Layers, image.Layers) {
		return nil
	}
	return &Finding{
		Confidence: Certain,
		Why: sys.Textf("The container %s runs an image that %s no longer names: a newer one was built or pulled, and the container was not made anew.",
			container.Name, container.ImageName),
		Evidence: []Evidence{
			evidence("the container runs", sys.Textf("%.19s", container.ImageID), sys.Textf("docker inspect %s", container.Name)),
			evidence("the tag names", sys.Textf("%.19s, built %s", image.ID, v.clock(image.Created)), sys.Textf("docker image inspect %s", container.ImageName)),
		},
		Fixes: []string{"docker-up", "docker-recreate"},
	}
}

func sameLayers(one, other []string) bool {
	if len(one) == 0 || len(one) != len(other) {
		return false
	}
	for index := range one {
		if one[index] != other[index] {
			return false
		}
	}
	return true
}
