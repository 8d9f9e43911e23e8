package docker

import (
	"path"
	"slices"
)

// Verb is what a command line of Docker's client, or of docker-compose, is told to do, and with
// which words: "run", "rm", and of Compose "compose up", "compose down", "compose stop" and
// "compose kill", with all words after the program. Empty for another program, for what else
// Compose does, and for a command to another daemon than the system's own.
func Verb(argv []string) (verb string, words []string) {
	if len(argv) < 2 {
		return "", nil
	}
	switch path.Base(argv[0]) {
	case "docker-compose":
		return composeVerb(argv[1:])
	case "docker", podman:
		switch argv[1] {
		case "compose":
			return composeVerb(argv[2:])
		case "container":
			argv = argv[1:]
		}
		if len(argv) > 1 {
			return argv[1], argv[2:]
		}
	}
	return "", nil
}

func composeVerb(words []string) (verb string, rest []string) {
	for _, known := range []string{"up", "down", "stop", "kill"} {
		if slices.Contains(words, known) {
			return "compose " + known, words
		}
	}
	return "", nil
}
