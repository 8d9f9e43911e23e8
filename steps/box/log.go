package box

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"flasktui/sys"
)

// This file reads a service's log for why its last runs ended.

const traceback = "Traceback (most recent call last):"

// LastError is the last line of the last traceback in a log's last two runs: what Python
// says of why it ended, without what the log puts before it; empty where there is none.
// What was written in earlier runs may have been mended since.
func LastError(lines []sys.Text) sys.Text {
	messages := messagesOf(lastRuns(lines))
	for index, message := range slices.Backward(messages) {
		if exception, ok := importError(message, messages[index+1:]); ok {
			return exception
		}
		if !strings.Contains(message, traceback) {
			continue
		}
		for _, after := range messages[index+1:] {
			if isException(after) {
				if isHalt(after) {
					break
				}
				return sys.Safe(after)
			}
		}
	}
	return ""
}

// importError reads Waitress's own words for an app that does not load: it writes no traceback,
// but the exception's name, and what it said as a list.
func importError(message string, after []string) (exception sys.Text, ok bool) {
	name := regexp.MustCompile(`^There was an exception \(([A-Za-z_][A-Za-z0-9_.]*)\) importing your module`).FindStringSubmatch(message)
	if name == nil {
		return "", false
	}
	for _, line := range after[:min(len(after), 4)] {
		if said, first := strings.CutPrefix(strings.TrimSpace(line), "1. "); first {
			return sys.Safe(name[1] + ": " + said), true
		}
	}
	return sys.Safe(name[1]), true
}

// isHalt tells of Gunicorn's own exceptions by which a master ends once a worker could not
// start: they name no reason.
func isHalt(message string) bool {
	return strings.Contains(message, "HaltServer") || strings.HasPrefix(message, "SystemExit")
}

// Reason is why the service does not run, as its log tells it, fit for a title; empty where
// the log tells nothing but that it ended.
func Reason(lines []sys.Text) sys.Text {
	if reason := LastError(lines); reason != "" {
		return short(reason)
	}
	told := Telling(lastRuns(lines))
	if told == "" || isOutcome(told) {
		return notBegun(told)
	}
	return short(sys.Safe(messagesOf([]sys.Text{told})[0]))
}

// notBegun is why systemd could not begin a program, by the status with which it then ends in the
// program's place (systemd.exec(5), "Process Exit Codes"); empty for the program's own status.
func notBegun(outcome sys.Text) sys.Text {
	status := regexp.MustCompile(`code=exited, status=(2\d\d/([A-Z_]+))`).FindStringSubmatch(string(outcome))
	if status == nil {
		return ""
	}
	words, known := map[string]string{
		"CHDIR": "its working directory cannot be entered", "EXEC": "its program cannot be executed",
		"USER": "its user is not known, or could not be taken on", "GROUP": "its group is not known, or could not be taken on",
		"NAMESPACE": "what it may see of the files could not be set up", "CHROOT": "its root directory cannot be entered",
		"STDIN": "its input could not be opened", "STDOUT": "its output could not be opened", "STDERR": "its output could not be opened",
		"LIMITS": "its limits could not be set", "CREDENTIALS": "its credentials could not be loaded",
		"RUNTIME_DIRECTORY": "its runtime directory could not be made", "STATE_DIRECTORY": "its state directory could not be made",
		"CACHE_DIRECTORY": "its cache directory could not be made", "LOGS_DIRECTORY": "its log directory could not be made",
		"CONFIGURATION_DIRECTORY": "its configuration directory could not be made",
	}[status[2]]
	if !known {
		return ""
	}
	return sys.Textf("%s (systemd's status %s)", words, status[1])
}

// isOutcome tells of systemd's words that a service failed, which name no reason.
func isOutcome(line sys.Text) bool {
	return strings.Contains(string(line), "status=") || strings.Contains(string(line), "Failed to start ")
}

// short cuts what would not fit a line.
func short(text sys.Text) sys.Text {
	const most = 100
	runes := []rune(string(text))
	if len(runes) <= most {
		return text
	}
	return sys.Safe(strings.TrimRight(string(runes[:most]), " ")) + "…"
}

// isException tells the line that ends a traceback: the exception's name, and what it says.
func isException(message string) bool {
	return regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_.]*(: .*)?$`).MatchString(message)
}

// lastRuns are a log's lines from the second last start on.
func lastRuns(lines []sys.Text) []sys.Text {
	for _, mark := range []string{`systemd\[\d+\]: Starting `, `systemd\[\d+\]: Started `, `Starting gunicorn `} {
		pattern := regexp.MustCompile(mark)
		marks := 0
		for index, line := range slices.Backward(lines) {
			if pattern.MatchString(string(line)) {
				if marks++; marks == 2 {
					return lines[index:]
				}
			}
		}
		if marks > 0 {
			return lines
		}
	}
	return lines
}

// gaveUp tells whether the last Gunicorn that a log tells of ends because its app does not
// load (its own words, the same since version 19).
func gaveUp(lines []sys.Text) bool {
	for _, line := range slices.Backward(lines) {
		switch text := string(line); {
		case strings.Contains(text, "Starting gunicorn "), strings.Contains(text, "systemd[") && strings.Contains(text, "]: Start"):
			return false
		case strings.Contains(text, "Worker failed to boot."), strings.Contains(text, "App failed to load."):
			return true
		}
	}
	return false
}

// isRestart tells of a line whether it is systemd's that it starts a service again which has
// ended.
func isRestart(line sys.Text) bool {
	return strings.Contains(string(line), "systemd[") && strings.Contains(string(line), "Scheduled restart job")
}

// LoggedAt is the time before a line, as journalctl -o short-iso writes it; zero for none.
func LoggedAt(line sys.Text) time.Time {
	stamp, _, _ := strings.Cut(string(line), " ")
	for _, layout := range []string{"2006-01-02T15:04:05-0700", time.RFC3339} {
		if at, err := time.Parse(layout, stamp); err == nil {
			return at
		}
	}
	return time.Time{}
}

// messagesOf are the lines without the time and the name that the journal puts before them.
func messagesOf(lines []sys.Text) []string {
	before := regexp.MustCompile(`^\d{4}-\d\d-\d\dT\S+ [^\[\]]{1,60}\[\d+\]: ?`)
	messages := make([]string, len(lines))
	for index, line := range lines {
		messages[index] = strings.TrimSuffix(before.ReplaceAllString(string(line), ""), "\r")
	}
	return messages
}
