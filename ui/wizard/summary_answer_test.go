package wizard

import (
	"strings"
	"testing"
	"time"

	"flasktui/steps"
	"flasktui/steps/report"
	"flasktui/sys/practice"
)

// onFault opens the wizard on the practice box with a fault.
func onFault(t *testing.T, fault string) *bench {
	t.Helper()
	box, err := practice.New(fault, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	asked := box.Asked()
	config := Config{Machine: box, Practice: true, Options: steps.Options{
		Service: asked.Service, AppDir: asked.AppDir, URL: asked.URL, Expect: asked.Expect, Timeout: steps.DefaultTimeout,
	}}
	examination, err := steps.Examine(t.Context(), box, config.Options, nil)
	if err != nil {
		t.Fatal(err)
	}
	b := newBench(t, config)
	b.tell(examineEndedMsg{look: b.look, examination: examination})
	return b
}

// TestTheFirstScreenAnswers three questions of every practice box, without a key and in the
// smallest window: what is wrong, how sure that is, and what to press or to do.
func TestTheFirstScreenAnswers(t *testing.T) {
	for _, fault := range practice.Faults() {
		t.Run(fault.ID, func(t *testing.T) {
			b := onFault(t, fault.ID)
			document := b.report()
			for _, size := range [][2]int{{40, 15}, {80, 24}} {
				b.size(size[0], size[1])
				seen := inOneLine(b.screen())
				b.sees(strings.ToUpper(string(document.Verdict)))
				if size[1] == 24 {
					b.sees("r again")
				}
				if len(document.Causes) == 0 || !document.Causes[0].Decides() {
					continue
				}
				cause := document.Causes[0]
				for _, want := range []string{cause.Title, string(cause.Confidence) + ":", b.remedy(document, cause)} {
					if !strings.Contains(seen, inOneLine(want)) {
						t.Errorf("%v: %q is not told on\n%s", size, want, b.screen())
					}
				}
				first := strings.TrimRight(strings.Split(b.screen(), "\n")[2], " ")
				if size[1] == 15 && (first == "" || !strings.HasPrefix(cause.Title, first)) {
					t.Errorf("the cause does not come first on\n%s", b.screen())
				}
			}
		})
	}
}

// inOneLine leaves out where lines were broken, which may be within a path.
func inOneLine(text string) string { return strings.Join(strings.Fields(text), "") }

// TestDownShowsTheLogsReasonInItsFirstLine: why it does not start is what is asked for.
func TestDownShowsTheLogsReasonInItsFirstLine(t *testing.T) {
	b := onFault(t, "service-failed")
	b.size(80, 24)
	if line := strings.Split(b.screen(), "\n")[3]; !strings.Contains(line, "No module named 'stripe'") {
		t.Errorf("the first line is %q", line)
	}
}

// TestInconclusiveNamesWhatWouldSettleIt, with its key in the footer of the smallest window.
func TestInconclusiveNamesWhatWouldSettleIt(t *testing.T) {
	for name, test := range map[string]struct {
		config Config
		change func(*report.Report)
		told   string
		key    string
	}{
		"a password": {Config{Unlock: noUnlock}, func(*report.Report) {}, "Press u and sudo asks for your password", "u unlock"},
		"no sudo":    {Config{}, func(*report.Report) {}, "More can be read as root", "r again"},
		"root":       {Config{}, func(document *report.Report) { document.Host.Privilege = "root" }, "Press r to look again", "r again"},
	} {
		t.Run(name, func(t *testing.T) {
			document := inconclusiveReport()
			test.change(&document)
			b := open(t, test.config, document)
			for _, size := range [][2]int{{40, 15}, {80, 24}} {
				b.size(size[0], size[1])
				if !strings.Contains(inOneLine(b.screen()), inOneLine(test.told)) {
					t.Errorf("%v: %q is not told on\n%s", size, test.told, b.screen())
				}
				b.sees(test.key)
				b.sees("r again")
			}
		})
	}
}
