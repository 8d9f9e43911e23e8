package fleet

import (
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

	"flasktui/steps/report"
	"flasktui/ui/keys"
	"flasktui/ui/theme"
)

// seated is the table before a person.
func seated(compared report.Fleet, documents []Document, width, height int) view {
	v := view{fleet: compared, documents: Newest(documents), keys: keys.Default(), window: Window{Theme: theme.New(theme.Options{})}}
	sized, _ := v.Update(tea.WindowSizeMsg{Width: width, Height: height})
	return sized.(view)
}

func pressing(t *testing.T, v view, pressed ...tea.KeyType) view {
	t.Helper()
	for _, one := range pressed {
		v, _ = v.press(tea.KeyMsg{Type: one})
	}
	return v
}

// TestARowOpensItsReport: enter shows the report of the row under the cursor, or why there is none,
// and nothing that runs anything.
func TestARowOpensItsReport(t *testing.T) {
	t.Parallel()
	sent := `{"schema":"flasktui/report/1","host":{"hostname":"web1"},"target":{"service":"shop.service"},"verdict":"fresh","summary":"All is well"}` +
		`{"schema":"flasktui/report/1","host":{"hostname":"web2"},"target":{"service":"shop.service"},"verdict":"stale","summary":"Old\u001b[2J code",` +
		`"causes":[{"id":"service-not-restarted","title":"Nobody restarted it","confidence":"certain","fixes":["restart"]}],` +
		`"fixes":[{"id":"restart","title":"Restart","commands":[["systemctl","restart","shop"]]}]}`
	documents := Read("stream", strings.NewReader(sent), true)
	table := seated(Compare(documents, Asked{Hosts: []string{"web3"}}), documents, 80, 24)
	if page := table.View(); !strings.Contains(page, "> web1") || strings.Contains(page, "Nobody restarted it") {
		t.Errorf("the table:\n%s", page)
	}
	second := pressing(t, table, tea.KeyDown, tea.KeyEnter)
	if page := ansi.Strip(second.View()); !strings.HasPrefix(page, "web2  read only") || !strings.Contains(page, "Nobody restarted it") || strings.Contains(second.View(), "\x1b[2J") {
		t.Errorf("the report of the second host:\n%q", page)
	}
	if page := pressing(t, second, tea.KeyEsc, tea.KeyDown, tea.KeyEnter).View(); !strings.Contains(page, "there is no report of it") {
		t.Errorf("a host without a report:\n%s", page)
	}
	if page := pressing(t, second, tea.KeyEsc, tea.KeyHome, tea.KeyEnter).View(); !strings.HasPrefix(ansi.Strip(page), "web1") {
		t.Errorf("the first again:\n%s", page)
	}
	if without := Read("stream", strings.NewReader(sent), false); without[0].whole != nil {
		t.Error("a report is kept that nobody opens")
	}
}

// TestTheTableFitsItsWindow at any size, with the row that is chosen in it.
func TestTheTableFitsItsWindow(t *testing.T) {
	t.Parallel()
	var documents []Document
	for range 50 {
		documents = append(documents, looked("web"+strings.Repeat("x", len(documents)), "", "v2", report.Fresh))
	}
	compared := Compare(documents, Asked{})
	for _, size := range [][2]int{{80, 24}, {40, 15}, {20, 5}, {3, 2}, {200, 60}} {
		v := seated(compared, documents, size[0], size[1])
		for _, pressed := range []tea.KeyType{tea.KeyEnd, tea.KeyUp, tea.KeyPgUp, tea.KeyHome, tea.KeyPgDown} {
			v = pressing(t, v, pressed)
			lines := strings.Split(v.View(), "\n")
			if len(lines) > max(size[1], frame+1) || !strings.Contains(v.View(), ">") {
				t.Errorf("%v after %v: %d lines:\n%s", size, pressed, len(lines), v.View())
			}
		}
	}
}
