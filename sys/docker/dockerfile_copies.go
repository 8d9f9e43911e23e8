package docker

import (
	"path"
	"slices"
	"strconv"
	"strings"

	"flasktui/sys"
)

// Copies are the copies from the context that end up in the image of a target, which is
// the last stage where it is empty: those of the stages that it is made from too, and
// those that are copied over from other stages.
func (file Dockerfile) Copies(target string) []Copy {
	return file.copiesOf(file.target(target), 0)
}

// target is the stage that a build makes: the named one, or the last; -1 for none.
func (file Dockerfile) target(name string) int {
	if name == "" {
		return len(file.Stages) - 1
	}
	return file.find(name, len(file.Stages))
}

// Rewrites tells whether a RUN instruction of any stage names a file as one that it may
// change: by its whole path or its last element.
func (file Dockerfile) Rewrites(name string) bool {
	return slices.ContainsFunc(file.Stages, func(stage Stage) bool {
		return slices.ContainsFunc(stage.Runs, func(line string) bool { return strings.Contains(line, path.Base(name)) })
	})
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
	return slices.IndexFunc(file.Stages[:before], func(stage Stage) bool { return name != "" && strings.EqualFold(stage.Name, name) })
}

// deepestStage is deeper than any stages are chained.
const deepestStage = 8

func (file Dockerfile) copiesOf(index, depth int) []Copy {
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
			if sys.Within(one.Source, inside) {
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

// clones notes what `git clone [OPTIONS] URL [DIRECTORY]` in a RUN puts where. A command
// that is more than these words, or an option with a value of its own word that is not
// known, is left out.
func (p *parser) clones(number int, rest string) {
	stage := p.stage()
	directory := stage.directory
	for command := range strings.SplitSeq(strings.NewReplacer("&&", "\n", ";", "\n", "||", "\n").Replace(rest), "\n") {
		words := words(strings.TrimSpace(command))
		if len(words) > 1 && words[0] == "cd" {
			directory = absoluteIn(directory, words[1])
		}
		if len(words) < 3 || words[0] != "git" || words[1] != "clone" {
			continue
		}
		var named []string
		for index := 2; index < len(words); index++ {
			switch word := words[index]; {
			case slices.Contains([]string{"-b", "--branch", "--depth", "-o", "--origin", "-c", "--config", "-j", "--jobs", "--filter", "--shallow-since", "--reference"}, word):
				index++
			case !strings.HasPrefix(word, "-"):
				named = append(named, word)
			}
		}
		if len(named) == 0 || len(named) > 2 {
			continue
		}
		url := stage.scope.expand(named[0])
		destination := value{text: strings.TrimSuffix(path.Base(url.text), ".git"), known: true}
		if len(named) == 2 {
			destination = stage.scope.expand(named[1])
		}
		if url.known && destination.known {
			stage.Copies = append(stage.Copies, Copy{Source: "/", Destination: absoluteIn(directory, destination.text), Clone: url.text, Line: number})
		}
	}
}
