package git

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"flasktui/sys"
)

// refs reads the refs of one work tree: HEAD and its like stand in the work tree's own
// directory, all others in the common one (gitrepository-layout(5)).
type refs struct {
	machine     sys.Machine
	own, common string
}

// openRefs finds both. The context returned is to be used to read them.
func openRefs(ctx context.Context, machine sys.Machine, gitDirectory string) (context.Context, refs, error) {
	refs := refs{machine: machine, own: gitDirectory, common: gitDirectory}
	name := path.Join(gitDirectory, "commondir")
	content, err := machine.ReadFile(ctx, name, fileLimit)
	if errors.Is(err, fs.ErrNotExist) {
		return ctx, refs, nil
	}
	if err == nil {
		refs.common = sys.AbsoluteFrom(gitDirectory, strings.TrimSpace(string(content)))
		ctx, err = ownDirectory(ctx, machine, name, refs.common)
	}
	if err != nil {
		err = fmt.Errorf("reading %s: %w", name, err)
	}
	return ctx, refs, err
}

// resolve follows symbolic refs to a commit. It returns the last name, and no commit for
// a branch that has none yet.
func (refs refs) resolve(ctx context.Context, name string) (last, commit string, err error) {
	for range refDepth {
		if name == "refs/heads/.invalid" {
			return name, "", errors.New("the refs are kept in a reftable, which is not read")
		}
		if !isRefName(name) {
			return name, "", fmt.Errorf("%q is no name of a ref", name)
		}
		content, err := refs.read(ctx, name)
		if errors.Is(err, fs.ErrNotExist) {
			commit, err := refs.packed(ctx, name)
			return name, commit, err
		}
		if err != nil {
			return name, "", err
		}
		if isCommit(content) {
			return name, content, nil
		}
		target, symbolic := strings.CutPrefix(content, "ref:")
		if !symbolic {
			return name, "", fmt.Errorf("%s names no commit", name)
		}
		name = strings.TrimSpace(target)
	}
	return name, "", fmt.Errorf("%s: too many symbolic refs", name)
}

func (refs refs) read(ctx context.Context, name string) (string, error) {
	directory := refs.common
	if !strings.HasPrefix(name, "refs/") {
		directory = refs.own
	}
	full := path.Join(directory, name)
	// HEAD may be a link to the branch's own file, as old versions of git made it.
	if target, err := refs.machine.ReadLink(ctx, full); err == nil && strings.HasPrefix(target, "refs/") {
		return "ref: " + target, nil
	}
	content, err := refs.machine.ReadFile(ctx, full, fileLimit)
	if errors.Is(err, sys.ErrNotRegular) {
		// A directory: there are refs below this name, and it may still be packed.
		return "", fs.ErrNotExist
	}
	return strings.TrimSpace(string(content)), err
}

// packed looks a ref up in packed-refs: "commit name" lines, "#" comments and "^" lines
// that peel the tag before them.
func (refs refs) packed(ctx context.Context, name string) (string, error) {
	content, err := refs.machine.ReadFile(ctx, path.Join(refs.common, "packed-refs"), packedLimit)
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil && !errors.Is(err, sys.ErrTruncated) {
		return "", err
	}
	lines := bufio.NewScanner(bytes.NewReader(content))
	for lines.Scan() {
		commit, packed, _ := strings.Cut(lines.Text(), " ")
		if packed == name && isCommit(commit) {
			return commit, nil
		}
	}
	if lines.Err() != nil {
		return "", lines.Err()
	}
	return "", err
}

// isRefName refuses what would lead out of the repository (git-check-ref-format(1)).
func isRefName(name string) bool {
	return name != "" && !path.IsAbs(name) && path.Clean(name) == name && !strings.HasPrefix(name, "..") &&
		!strings.ContainsAny(name, "\x00 ~^:?*[\\\n")
}

// upstream finds [branch "NAME"] remote and merge in a configuration file
// (git-config(1)); later values win. Files that it includes are not read.
func upstream(config, branch string) (remote, merge string) {
	inBranch := false
	for line := range strings.Lines(config) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "[") {
			section, name := parseSection(line)
			inBranch = section == "branch" && name == branch
			continue
		}
		key, value, found := strings.Cut(line, "=")
		if !inBranch || !found {
			continue
		}
		if !strings.Contains(value, `"`) && strings.ContainsAny(value, ";#") {
			value = value[:strings.IndexAny(value, ";#")]
		}
		value = strings.Trim(strings.TrimSpace(value), `"`)
		switch strings.ToLower(strings.TrimSpace(key)) {
		case "remote":
			remote = value
		case "merge":
			merge = value
		}
	}
	return remote, merge
}

// parseSection reads [section "name"]; the section's case does not matter, the name's
// does.
func parseSection(line string) (section, name string) {
	section, rest, _ := strings.Cut(strings.TrimPrefix(line, "["), " ")
	section, _, _ = strings.Cut(section, "]")
	rest = strings.TrimSpace(rest)
	if end := strings.LastIndexByte(rest, '"'); end > 0 && rest[0] == '"' {
		name = strings.NewReplacer(`\\`, `\`, `\"`, `"`).Replace(rest[1:end])
	}
	return strings.ToLower(section), name
}
