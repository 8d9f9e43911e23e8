package docker

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"flasktui/sys"
)

// Step is one instruction by which an image was made.
type Step struct {
	// Word is the instruction: "ENV", "RUN". What is no instruction at all, as of an image
	// that was imported, has none.
	Word string
	// Text is what follows it, with variables filled in as the builder did. It may hold
	// secrets.
	Text string
	// line and made are as Docker tells them: a base image's steps are the same in each image
	// that is made from it.
	line, made string
}

// ReadHistory runs `docker history` for an image: its steps, those of its base image
// included, the first one first.
func ReadHistory(ctx context.Context, machine sys.Machine, daemon Daemon, image string) ([]Step, error) {
	docker := cli{machine: machine, daemon: daemon}
	output := docker.run(ctx, "history", "--no-trunc", "--human=false", "--format", "{{json .}}", "--", image)
	if output.Err != nil {
		return nil, fmt.Errorf("docker history: %w", output.Err)
	}
	return ParseHistory(strings.NewReader(string(output.Stdout)))
}

// ParseHistory reads the lines of `docker history --format '{{json .}}'`, the last step first.
func ParseHistory(reader io.Reader) ([]Step, error) {
	steps := []Step{}
	for decoder := json.NewDecoder(reader); ; {
		var line struct{ CreatedBy, CreatedAt string }
		switch err := decoder.Decode(&line); {
		case errors.Is(err, io.EOF):
			slices.Reverse(steps)
			return steps, nil
		case err != nil:
			// A decoder's error may quote what it read.
			return nil, errors.New("docker history: not the JSON that was asked for")
		}
		steps = append(steps, stepOf(line.CreatedBy, line.CreatedAt))
	}
}

// stepOf takes a step as BuildKit tells it ("ENV A=1", "COPY . . # buildkit"), or as the
// older builder does, to which everything is a command: "/bin/sh -c #(nop)  ENV A=1".
func stepOf(line, made string) Step {
	step := Step{line: line, made: made}
	text := strings.TrimSpace(strings.TrimSuffix(line, "# buildkit"))
	if _, told, isNone := strings.Cut(line, "#(nop)"); isNone {
		text = strings.TrimSpace(told)
	} else if word, _, _ := strings.Cut(text, " "); text != "" && !isInstruction(word) {
		text = "RUN " + text
	}
	word, rest, _ := strings.Cut(text, " ")
	step.Word, step.Text = word, strings.TrimSpace(rest)
	return step
}

func isInstruction(word string) bool {
	return slices.Contains([]string{
		"ADD", "ARG", "CMD", "COPY", "ENTRYPOINT", "ENV", "EXPOSE", "HEALTHCHECK", "LABEL", "MAINTAINER", "ONBUILD", "RUN", "SHELL", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR",
	}, word)
}

// Origin is how an image was made.
type Origin struct {
	// Steps are those that it has beyond the image that it began from, which is Began; Began is
	// nil where that image is not on this box, and Steps are all of them then.
	Steps []Step
	Began *Image
	// Other says that it did not begin from the image that has the name now.
	Other bool
}

// ReadOrigin reads how an image was made, as one that began from the image named base.
func ReadOrigin(ctx context.Context, machine sys.Machine, daemon Daemon, image Image, base string) (Origin, error) {
	steps, err := ReadHistory(ctx, machine, daemon, image.ID)
	switch {
	case err != nil:
		return Origin{}, err
	case base == "scratch":
		return Origin{Steps: steps, Began: &Image{}}, nil
	case base == "":
		return Origin{Steps: steps}, nil
	}
	images, err := InspectImages(ctx, machine, daemon, base)
	began, isHere := images[base]
	if err != nil || !isHere {
		return Origin{Steps: steps}, err
	}
	beginning, err := ReadHistory(ctx, machine, daemon, began.ID)
	if err != nil {
		return Origin{}, err
	}
	if own, begins := since(beginning, steps); begins && len(began.Layers) <= len(image.Layers) && slices.Equal(began.Layers, image.Layers[:len(began.Layers)]) {
		return Origin{Steps: own, Began: &began}, nil
	}
	return Origin{Steps: steps, Other: true}, nil
}

// since are the steps that an image has beyond those of a base image; ok is false where it
// was not made from that one.
func since(base, image []Step) (own []Step, ok bool) {
	if len(base) == 0 || len(base) > len(image) || !slices.EqualFunc(base, image[:len(base)], func(a, b Step) bool { return a.line == b.line && a.made == b.made }) {
		return nil, false
	}
	return image[len(base):], true
}

// ranAs tells whether a step ran the command of a RUN. Before it stand the arguments of the
// build ("|1 NAME=VALUE") and the shell.
func (step Step) ranAs(command string) bool {
	before, ok := strings.CutSuffix(oneBlank(step.Text), command)
	if !ok || step.Word != "RUN" {
		return false
	}
	words := strings.Fields(before)
	return len(words) == 0 || strings.HasPrefix(before, "|") || strings.HasPrefix(words[len(words)-1], "-") && strings.HasSuffix(words[len(words)-1], "c")
}

// destination is where a COPY or ADD put what it copied, by the working directory then; empty
// for other steps.
func (step Step) destination(directory string) string {
	if step.Word != "COPY" && step.Word != "ADD" {
		return ""
	}
	words := strings.Fields(step.Text)
	if len(words) == 0 {
		return ""
	}
	return absoluteIn(directory, words[len(words)-1])
}

// variables are the names that an ENV may have set: a builder tells values without their
// quotes, so that a word of a value may look like another name.
func (step Step) variables() []string {
	var names []string
	for _, word := range strings.Fields(step.Text) {
		if name, _, ok := strings.Cut(word, "="); ok && step.Word == "ENV" && isVariable(name) {
			names = append(names, name)
		}
	}
	return names
}

func oneBlank(text string) string { return strings.Join(strings.Fields(text), " ") }
