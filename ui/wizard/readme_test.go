package wizard

import (
	"context"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"flasktui/steps"
	"flasktui/sys/practice"
)

// TestTheReadmeShowsWhatIsPainted holds the README's three screens to what the practice
// box looks like, but for the digits of times.
func TestTheReadmeShowsWhatIsPainted(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	begun, opened := time.Now(), time.Date(2026, 11, 23, 19, 21, 10, 0, time.UTC)
	box, err := practice.New("service-not-restarted", func() time.Time { return opened.Add(time.Since(begun)) })
	if err != nil {
		t.Fatal(err)
	}
	asked := box.Asked()
	options := steps.Options{Service: asked.Service, AppDir: asked.AppDir, URL: asked.URL, Timeout: steps.DefaultTimeout}
	examination, err := steps.Examine(t.Context(), box, options, nil)
	if err != nil {
		t.Fatal(err)
	}
	b := newBench(t, Config{Machine: box, Options: options, Practice: true, Newcomer: true, Export: func(steps.Report) (string, error) { return "", nil }})
	b.tell(examineEndedMsg{look: b.look, examination: examination})
	b.clock = b.clock.Add(time.Second)
	b.size(80, 24)
	screens := []string{b.screen()}
	b.press("f")
	screens = append(screens, b.screen())

	plan, _ := examination.Plan("restart")
	outcome, err := steps.Apply(context.Background(), box, options, examination, plan, nil)
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
	screens = append(screens, b.screen())
	for _, screen := range screens {
		if !strings.Contains(withoutTimes(string(readme)), withoutTimes(screen)) {
			t.Errorf("the README does not show\n%s", screen)
		}
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
