package sys

import "strings"

// LogLimit bounds what is read of a journal; a crash loop with tracebacks fits.
const LogLimit = 8 << 20

// LogLines leaves out journalctl's own remarks ("-- Boot … --", "-- No entries --").
func LogLines(raw string) []Text {
	var keys secretLines
	texts := []Text{}
	for line := range strings.Lines(raw) {
		line = strings.TrimSuffix(line, "\n")
		if strings.HasPrefix(line, "-- ") && strings.HasSuffix(line, " --") {
			continue
		}
		texts = append(texts, Safe(keys.line(line)))
	}
	return texts
}
