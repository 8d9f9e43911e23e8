package docker

import (
	"context"
	"path"
	"slices"
	"strings"

	"flasktui/sys"
)

const (
	// contextDirectories bounds how many directories are looked into for a Dockerfile.
	contextDirectories = 1500
	// contextDepth is how deep below a place where people put sites.
	contextDepth = 3
)

// sitePlaces are where people put what they deploy, beside the homes.
func sitePlaces() []string { return []string{"/srv", "/opt", "/var/www", "/root", "/usr/local/src"} }

// FindContexts lists the builds that the directories of this box offer in which people keep what
// they deploy: each Dockerfile there, with its own directory for the context, and the two above
// that, from which it may be built as well (`docker build -f docker/web/Dockerfile .`). Nearer
// contexts come first. Directories that may not be read are left out.
func FindContexts(ctx context.Context, machine sys.Machine, further ...string) []ComposeBuild {
	search := contextSearch{machine: machine, seen: map[string]bool{}}
	for _, directory := range further {
		search.below(ctx, directory, "/", 1)
	}
	places := sitePlaces()
	if homes, err := machine.ReadDir(ctx, "/home"); err == nil {
		for _, home := range homes {
			places = append(places, path.Join("/home", home.Name))
		}
	}
	for _, place := range places {
		search.below(ctx, place, place, contextDepth)
	}
	return search.found
}

type contextSearch struct {
	machine sys.Machine
	seen    map[string]bool
	found   []ComposeBuild
}

// below looks into a directory and those below it, through no link. No context is place itself
// or above it, but for a Dockerfile that stands there.
func (search *contextSearch) below(ctx context.Context, directory, place string, depth int) {
	if search.seen[directory] || len(search.seen) >= contextDirectories || ctx.Err() != nil {
		return
	}
	search.seen[directory] = true
	entries, err := search.machine.ReadDir(ctx, directory)
	if err != nil {
		return
	}
	for _, entry := range entries {
		if isDockerfile(entry.Name) && !entry.Type.IsDir() {
			search.add(directory, place, entry.Name)
		}
	}
	for _, entry := range entries {
		if entry.Type.IsDir() && depth > 0 && !strings.HasPrefix(entry.Name, ".") && !neverContext(entry.Name) {
			search.below(ctx, path.Join(directory, entry.Name), place, depth-1)
		}
	}
}

func (search *contextSearch) add(directory, place, name string) {
	const above = 2
	for at, level := directory, 0; level <= above; at, level = path.Dir(at), level+1 {
		if level > 0 && (at == place || at == "/" || !sys.Within(place, at)) {
			return
		}
		search.found = append(search.found, ComposeBuild{Context: at, Dockerfile: path.Join(directory, name)})
	}
}

// isDockerfile knows the names that people give them: Dockerfile, Containerfile,
// Dockerfile.web, web.Dockerfile.
func isDockerfile(name string) bool {
	lower := strings.ToLower(name)
	return lower == "dockerfile" || lower == "containerfile" || strings.HasSuffix(lower, ".dockerfile") ||
		(strings.HasPrefix(lower, "dockerfile.") || strings.HasPrefix(lower, "containerfile.")) && !strings.HasSuffix(lower, ".dockerignore") && !strings.HasSuffix(lower, "~")
}

func neverContext(name string) bool {
	return slices.Contains([]string{"node_modules", "site-packages", "venv", "containerd", "__pycache__"}, name)
}

// BuildOf reads `docker build`: what is built from which directory, and the tags that the image
// gets. ok is false for another command, and for a context that is no directory of this box.
func BuildOf(argv []string, directory string) (build ComposeBuild, tags []string, ok bool) {
	verb, words := Verb(argv)
	if verb == "buildx" || verb == "image" || verb == "builder" {
		if len(words) == 0 || words[0] != "build" {
			return ComposeBuild{}, nil, false
		}
		verb, words = "build", words[1:]
	}
	if verb != "build" {
		return ComposeBuild{}, nil, false
	}
	file := ""
	for at := 0; at < len(words); at++ {
		word := words[at]
		name, value, joined := strings.Cut(word, "=")
		if !strings.HasPrefix(word, "-") || word == "-" {
			build.Context = word
			continue
		}
		if !takesValue(name) {
			continue
		}
		if !joined && at+1 < len(words) {
			at++
			value = words[at]
		}
		switch name {
		case "-f", "--file":
			file = value
		case "-t", "--tag":
			tags = append(tags, value)
		case "--target":
			build.Target = value
		case "--build-arg":
			argument, given, isGiven := strings.Cut(value, "=")
			if build.Arguments == nil {
				build.Arguments = map[string]*string{}
			}
			build.Arguments[argument] = nil
			if isGiven && !strings.Contains(given, "$") {
				build.Arguments[argument] = &given
			}
		case "--build-context":
			name, _, _ := strings.Cut(value, "=")
			build.Contexts = append(build.Contexts, name)
		}
	}
	remote := strings.Contains(build.Context, "://") || strings.HasPrefix(build.Context, "git@") || build.Context == "-"
	build.Context = sys.AbsoluteFrom(directory, build.Context)
	if remote || !path.IsAbs(build.Context) || strings.ContainsAny(build.Context, "$`") {
		return ComposeBuild{}, nil, false
	}
	build.Context = path.Clean(build.Context)
	switch {
	case file == "":
		build.Dockerfile = path.Join(build.Context, "Dockerfile")
	default:
		build.Dockerfile = sys.AbsoluteFrom(directory, file)
	}
	return build, tags, true
}

// takesValue tells of an option of `docker build` whether a word of its own follows it.
func takesValue(option string) bool {
	return slices.Contains([]string{
		"-f", "--file", "-t", "--tag", "--target", "--build-arg", "--build-context", "--label", "--platform", "--network", "--progress", "--cache-from", "--cache-to",
		"--secret", "--ssh", "-o", "--output", "--add-host", "--shm-size", "--ulimit", "--iidfile", "--builder", "--memory", "-m", "--cpuset-cpus", "--isolation",
		"--format", "--layers-label", "-v", "--volume", "--annotation", "--attest", "--metadata-file", "--allow",
	}, option)
}

// SameTag tells whether two names are of one image: "shop", "shop:latest" and, in Podman's
// words, "localhost/shop:latest" are.
func SameTag(one, other string) bool { return plainTag(one) == plainTag(other) && one != "" }

func plainTag(name string) string {
	for _, usual := range []string{"localhost/", "docker.io/library/", "docker.io/"} {
		name = strings.TrimPrefix(name, usual)
	}
	name, _, _ = strings.Cut(name, "@")
	if !strings.Contains(path.Base(name), ":") {
		name += ":latest"
	}
	return name
}

// Repository is the last element of an image's name, without its tag: what people mostly call the
// directory that it is built from as well.
func Repository(name string) string {
	name, _, _ = strings.Cut(path.Base(name), "@")
	name, _, _ = strings.Cut(name, ":")
	return name
}

// FromRegistry tells of an image that was made elsewhere, or may have been: it has a digest that
// only a registry gives, or, where each image has one, a name that leads to a registry.
func (image Image) FromRegistry(name string) bool {
	if len(image.Digests) == 0 {
		return false
	}
	always := strings.HasPrefix(name, "localhost/")
	for _, digest := range image.Digests {
		_, sum, _ := strings.Cut(digest, "@")
		// Where images are kept by their manifest, that has the image's own id; Podman gives
		// each image it builds a digest as well.
		always = always || sum == image.ID
	}
	host, _, hasHost := strings.Cut(name, "/")
	return !always || hasHost && host != "localhost" && strings.ContainsAny(host, ".:")
}
