// Bare is the smallest Bubble Tea program there is. What it takes to paint its
// first frame is what the library costs; the benchmark holds flasktui against it.
package main

import (
	"fmt"
	"os"

	// As in flasktui: the library asks the terminal nothing before main.
	_ "flasktui/ui/terminal"

	tea "github.com/charmbracelet/bubbletea"
)

type bare struct{}

func (bare) Init() tea.Cmd { return nil }

func (b bare) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	if _, ok := msg.(tea.KeyMsg); ok {
		return b, tea.Quit
	}
	return b, nil
}

func (bare) View() string { return "bare frame" }

func main() {
	if _, err := tea.NewProgram(bare{}, tea.WithAltScreen()).Run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
