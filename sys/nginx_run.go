package sys

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"
)

const nginxTimeout = 5 * time.Second

// ReadNginxConfig runs `nginx -T` with root's rights where they can be had, and parses
// what it prints. A configuration that Nginx refuses is a result (Failure), not an error;
// that it may not be tested for want of root's rights is an error that wraps
// ErrNeedsPrivilege. Where others than root decide what is in it, Nginx is not run: the
// files are read instead, and Untested says why.
func ReadNginxConfig(ctx context.Context, machine Machine) (NginxConfig, Output, error) {
	build, output, err := readNginxBuild(ctx, machine)
	if err != nil {
		return NginxConfig{}, output, err
	}
	if err := build.rootsAlone(ctx, machine); errors.Is(err, ErrNotRootsAlone) {
		untested := Textf("nginx -t was not run as root to look: %s, and whoever may write a part of Nginx's configuration has root open the files that it names. Once you have read it, test it by: sudo nginx -t", err)
		config, err := readNginxForWriters(ctx, machine, build.main)
		if err != nil {
			return NginxConfig{}, output, fmt.Errorf("%s; and without that: %w", untested, err)
		}
		config.Untested = untested
		return config, output, nil
	} else if err != nil {
		return NginxConfig{}, output, fmt.Errorf("nginx -T: whether its files are root's alone could not be told: %w", err)
	}
	output = machine.Run(ctx, Command{Argv: []string{"nginx", "-T"}, Elevate: true, Timeout: nginxTimeout})
	warnings, failure, file, line := ParseNginxTest(string(output.Stderr))
	switch {
	case output.Err == nil:
	case output.Exit <= 0 || failure == "":
		return NginxConfig{}, output, fmt.Errorf("nginx -T: %w", output.Err)
	case isNginxDenied(string(output.Stderr)) && !ranAsRoot(ctx, machine, output):
		return NginxConfig{}, output, fmt.Errorf("nginx -T: %w: %w: %s", ErrNeedsPrivilege, fs.ErrPermission, failure)
	default:
		return NginxConfig{Warnings: warnings, Failure: failure, FailureFile: file, FailureLine: line}, output, nil
	}
	config, err := ParseNginxDump(bytes.NewReader(output.Stdout))
	config.Warnings = warnings
	if err != nil {
		return config, output, fmt.Errorf("nginx -T: %w", err)
	}
	return config, output, nil
}

func ranAsRoot(ctx context.Context, machine Machine, output Output) bool {
	host, err := machine.Host(ctx)
	return output.Elevated || err == nil && host.UID == 0
}

// isNginxDenied tells a test that failed for want of rights alone: on the PID file, a log
// or a certificate's key.
func isNginxDenied(stderr string) bool {
	denied := false
	for line := range strings.Lines(stderr) {
		if strings.Contains(line, "[emerg]") {
			if !strings.Contains(line, "Permission denied") {
				return false
			}
			denied = true
		}
	}
	return denied
}

// ParseNginxTest reads the stderr of `nginx -t` or `nginx -T`. A message comes as
// "nginx: [warn] text" or, once a log is open, as "date time [warn] pid#tid: text"; the
// place is at its end, " in file:line".
func ParseNginxTest(stderr string) (warnings []Text, failure Text, file string, line int) {
	var failures []string
	for entry := range strings.Lines(stderr) {
		found := nginxMessage().FindStringSubmatch(strings.TrimSpace(entry))
		if found == nil {
			continue
		}
		switch level, text := found[1], found[2]; level {
		case "warn":
			warnings = append(warnings, Safe(text))
		case "emerg", "crit":
			failures = append(failures, text)
			if place := nginxPlace().FindStringSubmatch(text); place != nil && file == "" {
				file = place[1]
				line, _ = strconv.Atoi(place[2])
			}
		}
	}
	return warnings, Safe(strings.Join(failures, "\n")), file, line
}

var (
	nginxMessage = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^(?:nginx:|\d{4}/\d\d/\d\d \d\d:\d\d:\d\d) \[(\w+)\] (?:\d+#\d+: )?(.*)$`)
	})
	nginxPlace = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(` in (/.*):(\d+)$`) })
)

// NginxTitle reads an Nginx process title: "nginx: master process …", "nginx: worker
// process", "nginx: worker process is shutting down". The role is the first word.
func NginxTitle(argv []string) (role string, shuttingDown, ok bool) {
	if len(argv) == 0 {
		return "", false, false
	}
	title, ok := strings.CutPrefix(argv[0], "nginx: ")
	if !ok {
		return "", false, false
	}
	role, rest, _ := strings.Cut(title, " ")
	return role, strings.Contains(rest, "is shutting down"), true
}
