package wizard

import (
	"fmt"
	"regexp"
	"strings"

	"flasktui/steps/report"
	"flasktui/sys"
)

// logLine is a line of a log as it is shown.
type logLine struct {
	text string
	// status is that of its level: Fail for errors, Warn for warnings, else Pending.
	status report.Status
}

// The forms of a line. journalctl -o short-iso puts its own time and process before what the
// service wrote, docker compose logs the container's name.
var (
	journalPrefix   = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\S* \S+: `)
	containerPrefix = regexp.MustCompile(`^[\w.-]+\s+\| `)
	// gunicornStamp is what Gunicorn puts before its level: the time and the process again.
	gunicornStamp = regexp.MustCompile(`^\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d{4}\] \[\d+\] `)
	isError       = regexp.MustCompile(`\b(ERROR|CRITICAL|FATAL)\b|^Failed to start |: Failed with result `)
	isWarning     = regexp.MustCompile(`\bWARN(ING)?\b`)
	// A unit's start by systemd, and a server's own first line.
	unitStarting  = regexp.MustCompile(`systemd\[\d+\]: Starting `)
	unitStarted   = regexp.MustCompile(`systemd\[\d+\]: Started `)
	serverStarted = regexp.MustCompile(`Starting gunicorn |Started server process|Starting uWSGI|\* Serving Flask app`)
)

// splitLog parts what the log's keeper wrote from what the service wrote; of that Gunicorn's own
// time and process are left out where the keeper has given them.
func splitLog(line string) (prefix, message string) {
	prefix = journalPrefix.FindString(line)
	if prefix != "" {
		return prefix, gunicornStamp.ReplaceAllString(line[len(prefix):], "")
	}
	prefix = containerPrefix.FindString(line)
	return prefix, line[len(prefix):]
}

// readLog makes a log ready to be read: the levels told apart and, where that is asked for,
// tracebacks by their last line alone.
func readLog(lines []sys.Text, fold bool) []logLine {
	var read []logLine
	for i := 0; i < len(lines); i++ {
		prefix, message := splitLog(string(lines[i]))
		end := tracebackEnd(lines, i)
		switch {
		case end == 0:
			read = append(read, logLine{prefix + message, levelOf(message)})
		case fold:
			last, reason := splitLog(string(lines[end]))
			read = append(read, logLine{fmt.Sprintf("%s%s (the end of a traceback of %d lines)", last, reason, end-i+1), report.Fail})
			i = end
		default:
			for ; i <= end; i++ {
				prefix, message := splitLog(string(lines[i]))
				read = append(read, logLine{prefix + message, report.Fail})
			}
			i--
		}
	}
	return read
}

// tracebackEnd is the index of the last line of the traceback that begins at i, the one that
// names the exception; 0 where none begins, or its end is not there yet. Of a chain of them, it
// is the end of the last.
func tracebackEnd(lines []sys.Text, i int) int {
	const begins = "Traceback (most recent call last):"
	if _, message := splitLog(string(lines[i])); message != begins {
		return 0
	}
	end := 0
	inside := true
	for at := i + 1; at < len(lines); at++ {
		_, message := splitLog(string(lines[at]))
		switch {
		case message == begins:
			inside = true
		case inside && strings.HasPrefix(message, " "):
		case inside:
			end, inside = at, false
		case message == "", strings.HasPrefix(message, "During handling of the above exception"), strings.HasPrefix(message, "The above exception was the direct cause"):
		default:
			return end
		}
	}
	return end
}

func levelOf(message string) report.Status {
	switch {
	case isError.MatchString(message):
		return report.Fail
	case isWarning.MatchString(message):
		return report.Warn
	}
	return report.Pending
}

// sinceStart is the index of the line with which the service was last started; 0 where the lines
// do not go back that far.
func sinceStart(lines []sys.Text) int {
	for _, start := range []*regexp.Regexp{unitStarting, unitStarted, serverStarted} {
		for i := len(lines) - 1; i >= 0; i-- {
			if start.MatchString(string(lines[i])) {
				return i
			}
		}
	}
	return 0
}
