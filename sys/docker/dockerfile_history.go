package docker

import (
	"slices"
	"strings"
)

// Base is the image of elsewhere that the image of a target begins from; ok is false where
// the Dockerfile does not tell.
func (file Dockerfile) Base(target string) (base Setting, ok bool) {
	chain := file.chain(target)
	if len(chain) == 0 || !chain[0].Base.Known || chain[0].Base.Value == "" {
		return Setting{}, false
	}
	return chain[0].Base, true
}

// chain are the stages that the image of a target consists of, the first one first.
func (file Dockerfile) chain(target string) []Stage {
	chain := []Stage{}
	for index := file.target(target); index >= 0 && len(chain) < deepestStage; index = file.find(file.Stages[index].From, index) {
		chain = append([]Stage{file.Stages[index]}, chain...)
	}
	return chain
}

// OtherSteps are the instructions by which an image is another than a Dockerfile makes now:
// those that the image was made with and that are no longer there, and steps of the
// Dockerfile that it was not made with. Each is called as Differences calls it, and by its
// destination ("COPY /etc/x"); a RUN, whose text may hold a secret, by its word alone.
//
// Where the image that it began from is not known, the last steps are taken for its own, from
// the first that the Dockerfile has too.
func (file Dockerfile) OtherSteps(target string, origin Origin, image Image) []string {
	own, began := origin.Steps, origin.Began
	compared := stepComparison{steps: own, matched: make([]bool, len(own)), oldest: len(own)}
	settings, _ := file.Settings(target)
	vague := slices.ContainsFunc(own, func(step Step) bool { return step.Word == "RUN" && strings.Contains(step.Text, "<<") })
	vagueCopies := false
	for _, stage := range slices.Backward(file.chain(target)) {
		for _, run := range slices.Backward(stage.Runs) {
			vague = vague || strings.Contains(run, "<<")
			compared.find("RUN", func(index int) bool { return own[index].ranAs(commandOf(run)) })
		}
		vagueCopies = vagueCopies || stage.vague
		for _, destination := range slices.Backward(stage.destinations) {
			compared.find("COPY "+destination, func(index int) bool { return own[index].destination(compared.directory(index, began)) == destination })
		}
	}
	since := 0
	if began == nil {
		since = compared.oldest
	}
	for index := since; index < len(own); index++ {
		switch step := own[index]; {
		case compared.matched[index]:
		case step.Word == "RUN":
			compared.note("RUN")
		case step.Word == "COPY", step.Word == "ADD":
			compared.note("COPY " + step.destination(compared.directory(index, began)))
		case slices.Contains(settings.leaves(image, began), step.Word):
			compared.note(step.Word)
		case step.Word == "ENV":
			for _, name := range step.variables() {
				_, given := settings.Environment[name]
				value, held := image.Environment[name]
				if !given && held && (began == nil || began.Environment[name] != value) {
					compared.note("ENV " + name)
				}
			}
		}
	}
	return slices.DeleteFunc(compared.differ, func(name string) bool {
		return vague && name == "RUN" || vagueCopies && strings.HasPrefix(name, "COPY ")
	})
}

// leaves are the settings that a Dockerfile leaves to its base image, and that an image has
// otherwise than that one.
func (settings Settings) leaves(image Image, began *Image) []string {
	words := []string{}
	for word, left := range map[string]bool{
		"USER":       settings.User == nil && (began == nil || began.User != image.User),
		"WORKDIR":    settings.WorkingDirectory == nil && (began == nil || began.WorkingDirectory != image.WorkingDirectory),
		"ENTRYPOINT": settings.Entrypoint == nil && (began == nil || !sameProgram(began.Entrypoint, image.Entrypoint)),
		"CMD":        settings.Command == nil && (began == nil || !sameProgram(began.Command, image.Command)),
	} {
		if left {
			words = append(words, word)
		}
	}
	return words
}

// stepComparison pairs steps of an image with instructions, the last of both first.
type stepComparison struct {
	steps   []Step
	matched []bool
	oldest  int
	differ  []string
}

func (compared *stepComparison) find(name string, fits func(index int) bool) {
	for index := len(compared.steps) - 1; index >= 0; index-- {
		if !compared.matched[index] && fits(index) {
			compared.matched[index], compared.oldest = true, min(compared.oldest, index)
			return
		}
	}
	compared.note(name)
}

func (compared *stepComparison) note(name string) {
	if !slices.Contains(compared.differ, name) {
		compared.differ = append(compared.differ, name)
	}
}

// directory is the working directory before a step.
func (compared *stepComparison) directory(index int, began *Image) string {
	for _, step := range slices.Backward(compared.steps[:index]) {
		if step.Word == "WORKDIR" {
			return absoluteIn("/", step.Text)
		}
	}
	if began != nil && began.WorkingDirectory != "" {
		return began.WorkingDirectory
	}
	return "/"
}

// commandOf is what of a RUN the builder keeps: not its options, as that of a mount.
func commandOf(run string) string {
	for strings.HasPrefix(run, "--") {
		_, rest, _ := strings.Cut(run, " ")
		run = strings.TrimSpace(rest)
	}
	if list, ok := jsonWords(run); ok {
		run = strings.Join(list, " ")
	}
	return oneBlank(run)
}
