package cli

import (
	"context"
	"errors"
	"io/fs"
	"net/url"
	"path"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"flasktui/sys"
)

// longestUnit is systemd's own limit for a unit's name.
const longestUnit = 255

const serviceHint = "name a systemd unit (shop, shop@blue.service; user:shop or user:NAME/shop of a user's own), compose:PROJECT/SERVICE (compose:PROJECT/SERVICE@USER in a user's own Docker), docker:CONTAINER, podman:CONTAINER (podman:CONTAINER@USER of a user's own), swarm:SERVICE, supervisor:PROGRAM, wsgi:SCRIPT for one of several apps of Apache's mod_wsgi, or pid:N for a server that nothing manages"

// validService checks the form of a service's name; whether there is such a service is
// asked of the machine.
func validService(name string) error {
	if compose, is := strings.CutPrefix(name, "compose:"); is {
		return validCompose(name, compose)
	}
	if container, is := strings.CutPrefix(name, "docker:"); is {
		return validContainer(name, container, "a container", "write docker:CONTAINER, as `docker ps` names it")
	}
	if container, is := strings.CutPrefix(name, "podman:"); is {
		return validContainer(name, container, "a container", "write podman:CONTAINER, as `podman ps` names it")
	}
	if service, is := strings.CutPrefix(name, "swarm:"); is {
		return validContainer(name, service, "a service of a swarm", "write swarm:SERVICE, as `docker service ls` names it")
	}
	if script, is := strings.CutPrefix(name, "wsgi:"); is {
		if !path.IsAbs(script) || strings.ContainsFunc(script, unicode.IsControl) || !utf8.ValidString(script) {
			return fail("%q is not the path of a script", shortened(name)).with("write wsgi:/PATH/OF/SCRIPT.wsgi, as Apache's configuration has it")
		}
		return nil
	}
	if number, is := strings.CutPrefix(name, "pid:"); is {
		if pid, err := strconv.Atoi(number); err != nil || pid < 1 || strconv.Itoa(pid) != number {
			return fail("%q is not the number of a process", shortened(name)).with("write pid:N, with the number that ps shows for the server's master")
		}
		return nil
	}
	if unit, is := strings.CutPrefix(name, "user:"); is {
		owner, rest, named := strings.Cut(unit, "/")
		if named && !regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_.@-]*\$?$`).MatchString(owner) {
			return fail("%q names no user", shortened(name)).with("write user:NAME/UNIT, or user:UNIT for a unit of your own")
		}
		if !named {
			rest = unit
		}
		return validUnit(name, rest)
	}
	return validUnit(name, name)
}

// validContainer checks the form of a name that Docker gives, with the daemon's after it.
func validContainer(typed, name, noun, hint string) error {
	name, daemon, named := strings.Cut(name, "@")
	if !regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_.-]*$`).MatchString(name) || named && !regexp.MustCompile(`^[A-Za-z0-9_/][A-Za-z0-9_./-]*$`).MatchString(daemon) {
		return fail("%q is not the name of %s", shortened(typed), noun).with(hint)
	}
	return nil
}

// validUnit checks the form of a unit's name, as it stands in what was typed.
func validUnit(typed, name string) error {
	problem := ""
	stray := strings.IndexFunc(name, notInUnit)
	switch {
	case name == "":
		problem = "it is empty"
	case strings.HasPrefix(name, "-"):
		problem = "it begins with -"
	case stray >= 0:
		problem = "it holds " + firstOf(name[stray:])
	case len(name) > longestUnit:
		problem = "it is too long"
	case strings.HasPrefix(name, "."), strings.HasPrefix(name, "@"):
		problem = "it begins with " + name[:1]
	}
	if problem != "" {
		return fail("%q is not the name of a service: %s", shortened(typed), problem).with(serviceHint)
	}
	if strings.HasSuffix(strings.TrimSuffix(name, ".service"), "@") {
		return fail("%q is a template, not a service", name).with("name one of its instances, such as " + strings.TrimSuffix(name, ".service") + "blue")
	}
	for _, kind := range []string{"socket", "timer", "target", "mount", "path", "slice", "scope", "device", "swap", "automount"} {
		if stem, is := strings.CutSuffix(name, "."+kind); is {
			return fail("%q is a %s unit, not a service", name, kind).with("name the service, perhaps " + stem + ".service")
		}
	}
	return nil
}

func validCompose(name, compose string) error {
	part := regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_.-]*$`)
	// Behind "@" is whose Docker it is: a user's name or number, or a socket.
	compose, daemon, named := strings.Cut(compose, "@")
	project, service, slash := strings.Cut(compose, "/")
	if !slash || !part.MatchString(project) || !part.MatchString(service) || named && !regexp.MustCompile(`^[A-Za-z0-9_/][A-Za-z0-9_./-]*$`).MatchString(daemon) {
		return fail("%q is not the name of a Compose service", shortened(name)).with("write compose:PROJECT/SERVICE, as `docker compose ls` and `docker compose ps` name them")
	}
	return nil
}

// notInUnit tells the characters that systemd does not allow in a unit's name.
func notInUnit(r rune) bool {
	return !strings.ContainsRune(`:-_.\@`, r) && (r > unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r))
}

// firstOf names the first character of a text.
func firstOf(text string) string {
	first, _ := utf8.DecodeRuneInString(text)
	switch {
	case first == ' ':
		return "a space"
	case !unicode.IsPrint(first):
		return "a control character"
	}
	return string(first)
}

// shortened keeps an error to one line, whatever was typed.
func shortened(text string) string {
	if runes := []rune(text); len(runes) > 60 {
		return string(runes[:57]) + "..."
	}
	return text
}

func validURL(text string) error {
	hint := "write it as a browser does, such as https://shop.example/"
	if strings.ContainsFunc(text, notInURL) {
		return fail("--url %q is not a URL: it holds a space or a control character", shortened(text)).with(hint)
	}
	parsed, err := url.Parse(text)
	switch {
	case err != nil:
		return fail("--url %q is not a URL", shortened(text)).with(hint)
	case parsed.Scheme != "http" && parsed.Scheme != "https":
		return fail("--url %q does not begin with http:// or https://", shortened(text)).with(hint)
	case parsed.Hostname() == "":
		return fail("--url %q names no host", shortened(text)).with(hint)
	}
	return nil
}

func notInURL(r rune) bool { return r == ' ' || !unicode.IsPrint(r) }

// validPath checks a path of the site, as --version-path and --static-path take it.
func validPath(flag, text string) error {
	if !strings.HasPrefix(text, "/") || strings.ContainsFunc(text, notInURL) {
		return fail("--%s %q is not a path of the site", flag, shortened(text)).with("begin it with /, as in --" + flag + " /version")
	}
	return nil
}

func validRelease(text string) error {
	if strings.TrimSpace(text) == "" || strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return fail("--expect %q is not the name of a release", shortened(text)).with("give a commit, a release directory's name or a marker's value")
	}
	return nil
}

// existing makes a path absolute and asks the machine whether what stands there is a
// directory or, if not, a file. What may not be looked at is let pass: the steps will say
// so with more to show for it.
func existing(ctx context.Context, machine sys.Machine, flag, path string, directory bool) (string, error) {
	what := "file"
	if directory {
		what = "directory"
	}
	if strings.ContainsFunc(path, unicode.IsControl) {
		return "", fail("--%s %q holds a control character", flag, shortened(path)).with("type the name again")
	}
	absolute, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	info, err := machine.Stat(ctx, absolute)
	if err == nil && info.IsLink() && directory {
		// A path that ends in "/." is resolved up to the directory itself.
		info, err = machine.Stat(ctx, absolute+"/.")
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "", fail("--%s %s: there is no such %s", flag, path, what).with("check the spelling; the path is taken from this machine's root")
	case errors.Is(err, fs.ErrPermission):
		return absolute, nil
	case err != nil:
		return "", fail("--%s %s: %v", flag, path, err).with("name one that you may read")
	case directory && !info.IsDir():
		return "", fail("--%s %s is not a directory", flag, path).with("name the directory that the deploy puts the new code into")
	case !directory && info.IsDir():
		return "", fail("--%s %s is a directory, not a file", flag, path).with("name the file in it")
	}
	return absolute, nil
}
