package wizard

import (
	"context"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"flasktui/steps"
	"flasktui/steps/report"
)

// TestTheReadmeShowsWhatIsPainted holds the README's pictures and its screen to what the practice
// box looks like, but for the digits of times.
func TestTheReadmeShowsWhatIsPainted(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	begun, opened := time.Now(), time.Date(2026, 11, 23, 19, 21, 10, 0, time.UTC)
	config := Config{Practice: true, Newcomer: true, Export: func(report.Report) (string, error) { return "", nil }}
	b, examination := onPractice(t, config, func() time.Time { return opened.Add(time.Since(begun)) })
	b.clock = b.clock.Add(time.Second)
	b.size(80, 24)
	holdPicture(t, "stale", "flasktui: the service was not restarted after the code changed", b.View())
	b.press("f")
	dialog := b.screen()

	plan, _ := examination.Plan("restart")
	outcome, err := steps.Apply(context.Background(), b.config.Machine, b.options, examination, plan, nil)
	if err != nil {
		t.Fatal(err)
	}
	b.press("y")
	b.tell(settledMsg{press: b.dialog.press})
	b.tell(progressMsg{[]steps.Progress{{Started: true}, {Ended: true, Took: 600 * time.Millisecond}}})
	b.clock = b.clock.Add(600 * time.Millisecond)
	b.tell(appliedMsg{outcome: outcome})
	b.clock = b.clock.Add(3 * time.Second)
	b.size(80, 24)
	holdPicture(t, "fresh", "flasktui: the new release is proved to be live", b.View())
	if !strings.Contains(withoutTimes(string(readme)), withoutTimes(dialog)) {
		t.Errorf("the README does not show\n%s", dialog)
	}
}

// withoutTimes leaves out what differs from one look to the next, and empty lines.
func withoutTimes(screen string) string {
	var lines []string
	for line := range strings.Lines(screen) {
		if line = strings.TrimRight(line, " \n"); line != "" {
			lines = append(lines, regexp.MustCompile(`\d`).ReplaceAllString(line, "0"))
		}
	}
	return strings.Join(lines, "\n")
}
