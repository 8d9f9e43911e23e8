package git

import (
	"bufio"
	"bytes"
	"context"
	"path"
	"strings"

	"flasktui/sys"
)

// ClonedFrom tells whether a checkout has a remote of that repository, by whichever way it
// is reached: the names of host and path are compared, or, for a local path, its last
// element. The addresses may hold credentials, and are not returned.
func (repository *Repository) ClonedFrom(ctx context.Context, machine sys.Machine, url string) bool {
	ctx, refs, err := openRefs(ctx, machine, repository.GitDirectory)
	if err != nil {
		return false
	}
	raw, err := machine.ReadFile(ctx, path.Join(refs.common, "config"), fileLimit)
	if err != nil {
		return false
	}
	remote := false
	scanner := bufio.NewScanner(bytes.NewReader(raw))
	for scanner.Scan() {
		line := strings.TrimSpace(scanner.Text())
		if strings.HasPrefix(line, "[") {
			remote = strings.HasPrefix(line, "[remote ")
		}
		name, value, _ := strings.Cut(line, "=")
		if remote && strings.TrimSpace(name) == "url" && sameRepository(strings.Trim(strings.TrimSpace(value), `"`), url) {
			return true
		}
	}
	return false
}

func sameRepository(one, other string) bool {
	host, name := repositoryPlace(one)
	otherHost, otherName := repositoryPlace(other)
	if host == "" || otherHost == "" {
		name, otherName = path.Base(name), path.Base(otherName)
	} else if host != otherHost {
		return false
	}
	return name == otherName && strings.Trim(name, "/.") != ""
}

// repositoryPlace is the host and the path of "https://user@host:port/path.git",
// "git@host:path.git" or "/path.git"; a local path has no host.
func repositoryPlace(url string) (host, name string) {
	scheme, rest, found := strings.Cut(url, "://")
	switch {
	case found && scheme != "file":
		host, name, _ = strings.Cut(rest, "/")
	case found:
		name = rest
	default:
		host, name, found = strings.Cut(url, ":")
		if !found || strings.Contains(host, "/") {
			host, name = "", url
		}
	}
	if _, after, hasUser := strings.Cut(host, "@"); hasUser {
		host = after
	}
	host, _, _ = strings.Cut(host, ":")
	if host == "localhost" || strings.HasPrefix(host, "127.") {
		host = ""
	}
	return strings.ToLower(host), strings.TrimSuffix(strings.Trim(name, "/"), ".git")
}
