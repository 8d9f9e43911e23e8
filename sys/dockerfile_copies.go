package sys

import (
	"path"
	"slices"
	"strconv"
	"strings"
)

// Copies are the copies from the context that end up in the image of a target, which is
// the last stage where it is empty: those of the stages that it is made from too, and
// those that are copied over from other stages.
func (file Dockerfile) Copies(target string) []DockerCopy {
	index := file.find(target, len(file.Stages))
	if target == "" {
		index = len(file.Stages) - 1
	}
	return file.copiesOf(index, 0)
}

// Remote are the instructions of the target's stages that fetch code from elsewhere.
func (file Dockerfile) Remote() []string {
	remote := []string{}
	for _, stage := range file.Stages {
		remote = append(remote, stage.Remote...)
	}
	return remote
}

// find is the stage of that name or number before another one; -1 for none.
func (file Dockerfile) find(name string, before int) int {
	if number, err := strconv.Atoi(name); err == nil && number >= 0 && number < before {
		return number
	}
	return slices.IndexFunc(file.Stages[:before], func(stage DockerStage) bool { return name != "" && strings.EqualFold(stage.Name, name) })
}

// deepestStage is deeper than any stages are chained.
const deepestStage = 8

func (file Dockerfile) copiesOf(index, depth int) []DockerCopy {
	if index < 0 || index >= len(file.Stages) || depth > deepestStage {
		return nil
	}
	stage := file.Stages[index]
	copies := slices.Clone(file.copiesOf(file.find(stage.From, index), depth+1))
	for _, one := range stage.Copies {
		if one.Stage == "" {
			copies = append(copies, one)
			continue
		}
		for _, inner := range file.copiesOf(file.find(one.Stage, index), depth+1) {
			// What lies below the directory that is copied over goes with it.
			inside := strings.TrimSuffix(inner.Destination, "/")
			if Within(one.Source, inside) {
				moved := inner
				moved.Destination = path.Join(one.Destination, strings.TrimPrefix(inside, strings.TrimSuffix(one.Source, "/")))
				if strings.HasSuffix(inner.Destination, "/") {
					moved.Destination += "/"
				}
				copies = append(copies, moved)
			}
		}
	}
	return copies
}
