package nginx

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

	"flasktui/sys"
)

// Program is the name of Nginx's executable.
const Program = "nginx"

const timeout = 5 * time.Second

// ReadConfig runs `nginx -T` with root's rights where they can be had, and parses
// what it prints. A configuration that Nginx refuses is a result (Failure), not an error;
// that it may not be tested for want of root's rights is an error that wraps
// sys.ErrNeedsPrivilege. Where others than root decide what is in it, Nginx is not run: the
// files are read instead, and Untested says why.
func (installation Installation) ReadConfig(ctx context.Context, machine sys.Machine) (Config, sys.Output, error) {
	build, output, err := installation.readBuild(ctx, machine)
	if err != nil {
		return Config{}, output, err
	}
	if err := build.rootsAlone(ctx, machine); errors.Is(err, sys.ErrNotRootsAlone) {
		untested := sys.Textf("nginx -t was not run as root to look: %s, and whoever may write a part of Nginx's configuration has root open the files that it names. Once you have read it, test it by: sudo %s", err, sys.CommandLine(installation.Argv("-t")))
		config, err := readForWriters(ctx, machine, build.main)
		if err != nil {
			return Config{}, output, fmt.Errorf("%s; and without that: %w", untested, err)
		}
		config.Untested = untested
		return config, output, nil
	} else if err != nil {
		return Config{}, output, fmt.Errorf("nginx -T: whether its files are root's alone could not be told: %w", err)
	}
	output = machine.Run(ctx, sys.Command{Argv: installation.Argv("-T"), Elevate: true, Timeout: timeout})
	warnings, failure, file, line := ParseTest(string(output.Stderr))
	switch {
	case output.Err == nil:
	case output.Exit <= 0 || failure == "":
		return Config{}, output, fmt.Errorf("nginx -T: %w", output.Err)
	case isDenied(string(output.Stderr)) && !ranAsRoot(ctx, machine, output):
		return Config{}, output, fmt.Errorf("nginx -T: %w: %w: %s", sys.ErrNeedsPrivilege, fs.ErrPermission, failure)
	default:
		return Config{Warnings: warnings, Failure: failure, FailureFile: file, FailureLine: line}, output, nil
	}
	config, err := ParseDump(bytes.NewReader(output.Stdout))
	config.Warnings = warnings
	if err != nil {
		return config, output, fmt.Errorf("nginx -T: %w", err)
	}
	return config, output, nil
}

func ranAsRoot(ctx context.Context, machine sys.Machine, output sys.Output) bool {
	host, err := machine.Host(ctx)
	return output.Elevated || err == nil && host.UID == 0
}

// isDenied tells a test that failed for want of rights alone: on the PID file, a log
// or a certificate's key.
func isDenied(stderr string) bool {
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

// ParseTest reads the stderr of `nginx -t` or `nginx -T`. A message comes as
// "nginx: [warn] text" or, once a log is open, as "date time [warn] pid#tid: text"; the
// place is at its end, " in file:line".
func ParseTest(stderr string) (warnings []sys.Text, failure sys.Text, file string, line int) {
	var failures []string
	for entry := range strings.Lines(stderr) {
		found := message().FindStringSubmatch(strings.TrimSpace(entry))
		if found == nil {
			continue
		}
		switch level, text := found[1], found[2]; level {
		case "warn":
			warnings = append(warnings, sys.Safe(text))
		case "emerg", "crit":
			failures = append(failures, text)
			if place := place().FindStringSubmatch(text); place != nil && file == "" {
				file = place[1]
				line, _ = strconv.Atoi(place[2])
			}
		}
	}
	return warnings, sys.Safe(strings.Join(failures, "\n")), file, line
}

var (
	message = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^(?:nginx:|\d{4}/\d\d/\d\d \d\d:\d\d:\d\d) \[(\w+)\] (?:\d+#\d+: )?(.*)$`)
	})
	place = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(` in (/.*):(\d+)$`) })
)

// Title reads an Nginx process title: "nginx: master process …", "nginx: worker
// process", "nginx: worker process is shutting down". The role is the first word.
func Title(argv []string) (role string, shuttingDown, ok bool) {
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
