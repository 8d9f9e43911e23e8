package docker

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"flasktui/sys"
)

// ComposeReader is whose rights suffice, and must suffice, to read a project's files. Compose
// follows what they include, extend and take variables from, and its errors quote lines: who
// decides about any of them decides what is read, and is to be shown nothing that they may
// not read themselves. It is nil where nobody but root decides.
//
// The files of a user's own daemon are read as that user. Of others it is the only one who
// decides; where several do it is nobody, who may read what everybody may, and where a group
// does, nobody in that group.
func ComposeReader(ctx context.Context, machine sys.Machine, project ComposeProject) (*sys.Account, error) {
	if owner := project.Daemon.Owner; owner.UID != 0 {
		return &owner, nil
	}
	deciders, err := projectDeciders(ctx, machine, project)
	if err != nil {
		return nil, fmt.Errorf("who decides about the files of %s: %w", sys.Safe(project.Name), err)
	}
	if deciders.Root() {
		return nil, nil //nolint:nilnil // nobody but root is an answer
	}
	account := sys.Nobody()
	if uid, one := deciders.One(); one {
		account, err = sys.LookUpAccount(ctx, machine, uid)
	} else if gid, one := deciders.OneGroup(); one {
		account.GID = gid
	}
	return &account, err
}

// projectDeciders are those who decide about any file that Compose reads for a project.
func projectDeciders(ctx context.Context, machine sys.Machine, project ComposeProject) (sys.Deciders, error) {
	// Far more than any project has.
	const filesLimit = 200
	var found sys.Deciders
	queue := slices.Clone(project.Files)
	if project.Directory != "" {
		queue = append(queue, path.Join(project.Directory, ".env"))
	}
	for file := range strings.SplitSeq(project.EnvironmentFile, ",") {
		queue = append(queue, file)
	}
	seen := map[string]bool{"": true, "-": true}
	for len(queue) > 0 && len(seen) < filesLimit {
		name := queue[0]
		queue = queue[1:]
		if seen[name] {
			continue
		}
		seen[name] = true
		// A variable that is part of a name is anybody's guess; the directory before is not.
		plain, _, guessed := strings.Cut(name, "$")
		if guessed {
			name = path.Dir(plain + "x")
		}
		deciders, err := sys.FindDeciders(ctx, machine, name)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return found, err
		}
		if found = found.With(deciders); !deciders.Root() || guessed {
			continue
		}
		if raw, err := machine.ReadFile(ctx, name, 1<<20); err == nil {
			directory := namesBegin(project.Directory, path.Dir(name), slices.Contains(project.Files, name))
			queue = append(queue, composeReferences(string(raw), directory)...)
		}
	}
	return found, nil
}

// namesBegin is where the relative names in a Compose file begin: the project's directory,
// or that of a file which another one includes.
func namesBegin(project, own string, named bool) string {
	if named && project != "" {
		return project
	}
	return own
}

// composeReferences are the files that a Compose file of root's has Compose read: the values
// of these keys, in whichever of YAML's forms. What is no name of a file does no harm here.
func composeReferences(text, directory string) []string {
	keys := []string{"include", "extends", "env_file", "label_file", "file", "path", "project_directory"}
	var names []string
	depth, within := 0, false
	for line := range strings.Lines(text) {
		line, _, _ = strings.Cut(strings.TrimRight(line, "\r\n"), " #")
		words := strings.TrimLeft(line, " ")
		if words == "" || words[0] == '#' {
			continue
		}
		at := len(line) - len(words)
		if within = within && (at > depth || at == depth && words[0] == '-'); within {
			names = append(names, scalars(words)...)
			continue
		}
		for _, key := range keys {
			// In a flow mapping the key stands anywhere in the line.
			for _, form := range []string{key + ":", `"` + key + `":`, "'" + key + "':"} {
				before, value, found := strings.Cut(words, form)
				if !found || before != "" && !strings.ContainsAny(before[len(before)-1:], " {,-") {
					continue
				}
				names = append(names, scalars(value)...)
				depth, within = at, true
			}
		}
	}
	for index, name := range names {
		names[index] = sys.AbsoluteFrom(directory, name)
	}
	return names
}

// scalars are the words of a value, without the signs that hold a list or a mapping together.
func scalars(value string) []string {
	return strings.FieldsFunc(value, func(r rune) bool { return strings.ContainsRune(" \t[]{},\"'", r) })
}
