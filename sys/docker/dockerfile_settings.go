package docker

import (
	"maps"
	"slices"
	"strings"
)

// Settings are what an image says to the containers that are made of it.
type Settings struct {
	// Environment has each variable that ENV sets.
	Environment map[string]Setting
	// Entrypoint and Command are nil where the Dockerfile leaves them to the image that it
	// begins from.
	Entrypoint, Command []string
	// User and WorkingDirectory are nil for none.
	User, WorkingDirectory *Setting
	shell                  []string
	// ownCommand says that the stage itself has set the command.
	ownCommand bool
}

// Setting is the value that a Dockerfile gives.
type Setting struct {
	Value string
	// Known is false where the value is made with a variable that the Dockerfile does not
	// tell. Argument says that it is made with an argument of the build, for which whoever
	// builds may have given another value.
	Known, Argument bool
}

// Settings are those of the image of a target, which is the last stage where it is empty.
func (file Dockerfile) Settings(target string) (settings Settings, ok bool) {
	index := file.target(target)
	if index < 0 {
		return newSettings(), false
	}
	return file.Stages[index].Settings, true
}

// Unread are the instructions of the target's own stages that put files into its image which
// cannot be compared with anything on the box.
func (file Dockerfile) Unread(target string) []string {
	unread := []string{}
	for index, depth := file.target(target), 0; index >= 0 && depth < deepestStage; depth++ {
		unread = append(unread, file.Stages[index].Unread...)
		index = file.find(file.Stages[index].From, index)
	}
	return unread
}

func newSettings() Settings {
	return Settings{Environment: map[string]Setting{}, shell: []string{"/bin/sh", "-c"}}
}

// inherited is what a stage begins with that is made from another.
func (settings Settings) inherited() Settings {
	settings.Environment, settings.ownCommand = maps.Clone(settings.Environment), false
	return settings
}

// instruction takes ENV, CMD, ENTRYPOINT, USER and SHELL, and leaves others alone.
func (settings *Settings) instruction(scope scope, word, rest string) {
	switch word {
	case "ENV":
		settings.environment(scope, rest)
	case "CMD":
		settings.Command, settings.ownCommand = settings.program(rest), true
	case "ENTRYPOINT":
		settings.Entrypoint = settings.program(rest)
		// An inherited command was meant for the inherited entry point, and goes with it.
		if !settings.ownCommand {
			settings.Command = []string{}
		}
	case "USER":
		user := settingOf(scope.expand(rest))
		settings.User = &user
	case "SHELL":
		if list, ok := jsonWords(rest); ok {
			settings.shell = list
		}
	}
}

func settingOf(value value) Setting {
	return Setting{Value: value.text, Known: value.known, Argument: value.argument}
}

// environment takes `ENV NAME=VALUE ...`, in which values of one instruction do not see each
// other, and the older `ENV NAME VALUE`.
func (settings *Settings) environment(scope scope, rest string) {
	pairs := assignments(rest)
	if name, value, ok := strings.Cut(rest, " "); ok && !strings.Contains(name, "=") {
		pairs = []string{name + "=" + strings.TrimSpace(value)}
	}
	set := map[string]value{}
	for _, pair := range pairs {
		if name, text, ok := strings.Cut(pair, "="); ok {
			set[name] = scope.expand(text)
		}
	}
	for name, value := range set {
		scope[name] = variable{value: value, fromENV: true}
		settings.Environment[name] = settingOf(value)
	}
}

// program takes the JSON form, or the line that the image's shell is given.
func (settings *Settings) program(rest string) []string {
	if list, ok := jsonWords(rest); ok {
		return append([]string{}, list...)
	}
	return append(slices.Clone(settings.shell), rest)
}

// Differences are the settings that an image has otherwise than a Dockerfile gives them:
// "ENV NAME", "CMD". Those in doubt may be what whoever built the image gave for an argument
// of the build. What overridden names is set for the container anew, and so is nothing that
// the image decides: the same words.
func (settings Settings) Differences(image Image, overridden []string) (differ, doubtful []string) {
	note := func(name string, setting Setting, same bool) {
		switch {
		case !setting.Known || same || slices.Contains(overridden, name):
		case setting.Argument:
			doubtful = append(doubtful, name)
		default:
			differ = append(differ, name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(settings.Environment)) {
		held, has := image.Environment[name]
		note("ENV "+name, settings.Environment[name], has && held == settings.Environment[name].Value)
	}
	fixed := Setting{Known: true}
	if settings.Entrypoint != nil {
		note("ENTRYPOINT", fixed, sameProgram(settings.Entrypoint, image.Entrypoint))
	}
	if settings.Command != nil && !slices.Contains(overridden, "ENTRYPOINT") {
		note("CMD", fixed, sameProgram(settings.Command, image.Command))
	}
	if settings.User != nil {
		note("USER", *settings.User, settings.User.Value == image.User)
	}
	if settings.WorkingDirectory != nil {
		note("WORKDIR", *settings.WorkingDirectory, settings.WorkingDirectory.Value == image.WorkingDirectory)
	}
	return differ, doubtful
}

// sameProgram compares two command lines but for their blanks: a builder keeps those of
// continued lines.
func sameProgram(one, other []string) bool {
	return slices.EqualFunc(one, other, func(a, b string) bool { return slices.Equal(strings.Fields(a), strings.Fields(b)) })
}
