package fleet

import (
	"context"
	"io"
	"strings"

	"github.com/charmbracelet/bubbles/key"
	"github.com/charmbracelet/bubbles/viewport"
	tea "github.com/charmbracelet/bubbletea"

	"flasktui/steps/report"
	"flasktui/sys"
	"flasktui/ui/keys"
	"flasktui/ui/layout"
	"flasktui/ui/render"
	_ "flasktui/ui/terminal" // for its init, which has to run in whatever links Bubble Tea
	"flasktui/ui/theme"
)

// Window is the terminal that a fleet is shown on, and how it is drawn there.
type Window struct {
	Input  io.Reader
	Output io.Writer
	Theme  *theme.Theme
	Style  render.Style
}

// Show shows the table until the person leaves. The report of a row can be opened and read;
// nothing can be done to a host from here.
func Show(ctx context.Context, compared report.Fleet, documents []Document, window Window) error {
	model := view{fleet: compared, documents: Newest(documents), window: window, keys: keys.Default()}
	_, err := tea.NewProgram(model, tea.WithContext(ctx), tea.WithAltScreen(), tea.WithInput(window.Input), tea.WithOutput(window.Output)).Run()
	return err
}

// view is the table, and the report that was opened from it.
type view struct {
	fleet     report.Fleet
	documents []Document
	window    Window
	keys      keys.Map

	width, height int
	cursor        int
	// first is the row at the top.
	first int
	// opened says that the report of the row is read, in reader.
	opened bool
	reader viewport.Model
}

func (v view) Init() tea.Cmd { return nil }

// Update takes a size or a key.
func (v view) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		v.width, v.height = msg.Width, msg.Height
		if v.opened {
			v = v.open()
		}
		return v.scrolled(), nil
	case tea.KeyMsg:
		return v.press(msg)
	}
	return v, nil
}

func (v view) press(msg tea.KeyMsg) (view, tea.Cmd) {
	switch {
	case key.Matches(msg, v.keys.QuitNow), key.Matches(msg, v.keys.Quit):
		return v, tea.Quit
	case key.Matches(msg, v.keys.Suspend):
		return v, tea.Suspend
	case v.opened && key.Matches(msg, v.keys.Back):
		v.opened = false
	case v.opened:
		v.reader = scroll(v.reader, msg, v.keys)
	case key.Matches(msg, v.keys.Enter) && len(v.fleet.Hosts) > 0:
		v = v.open()
		v.reader.GotoTop()
	case key.Matches(msg, v.keys.Up):
		v.cursor--
	case key.Matches(msg, v.keys.Down):
		v.cursor++
	case key.Matches(msg, v.keys.PageUp):
		v.cursor -= v.room()
	case key.Matches(msg, v.keys.PageDown):
		v.cursor += v.room()
	case key.Matches(msg, v.keys.Top):
		v.cursor = 0
	case key.Matches(msg, v.keys.Bottom):
		v.cursor = len(v.fleet.Hosts)
	}
	return v.scrolled(), nil
}

func scroll(reader viewport.Model, msg tea.KeyMsg, keys keys.Map) viewport.Model {
	switch {
	case key.Matches(msg, keys.Up):
		reader.ScrollUp(1)
	case key.Matches(msg, keys.Down):
		reader.ScrollDown(1)
	case key.Matches(msg, keys.PageUp):
		reader.PageUp()
	case key.Matches(msg, keys.PageDown):
		reader.PageDown()
	case key.Matches(msg, keys.Top):
		reader.GotoTop()
	case key.Matches(msg, keys.Bottom):
		reader.GotoBottom()
	}
	return reader
}

// frame are the lines around what is shown: the sentence, a gap or the columns, and the keys.
const frame = 3

// room is how many rows there is room for.
func (v view) room() int { return max(v.height-frame, 1) }

// scrolled keeps the cursor on a row, and the row in view.
func (v view) scrolled() view {
	v.cursor = max(min(v.cursor, len(v.fleet.Hosts)-1), 0)
	v.first = max(min(v.first, v.cursor), v.cursor-v.room()+1)
	return v
}

// open reads the report of the row under the cursor, as wide as the window is.
func (v view) open() view {
	offset := v.reader.YOffset
	v.opened = true
	v.reader = viewport.New(v.width, v.room())
	v.reader.SetContent(v.text())
	v.reader.SetYOffset(offset)
	return v
}

// text is what there is to read of the row: its report, or why there is none.
func (v view) text() string {
	host := v.fleet.Hosts[v.cursor]
	if host.Verdict == "" {
		return strings.Join(layout.Wrap(string(host.Error), max(v.width, 1)), "\n")
	}
	opened, err := v.documents[v.cursor].Opened()
	if err != nil {
		return strings.Join(layout.Wrap("The report cannot be read again: "+string(sys.Safe(err.Error())), max(v.width, 1)), "\n")
	}
	style := v.window.Style
	style.Width = v.width
	var page strings.Builder
	if err := render.WriteText(&page, opened, style); err != nil {
		return string(sys.Safe(err.Error()))
	}
	return page.String()
}

// View draws the table, or the report that was opened.
func (v view) View() string {
	if v.width == 0 {
		return ""
	}
	look := v.window.Theme
	var lines []string
	hints := "enter open  j k move  q quit"
	if v.opened {
		host := v.fleet.Hosts[v.cursor]
		lines = append(lines, look.Strong(string(host.Host))+"  read only", "", v.reader.View())
		hints = "esc the table  j k scroll  q quit"
	} else {
		rows := table(v.fleet)
		lines = append(lines, string(v.fleet.Summary), look.Strong("  "+rows[0]))
		rows = rows[1:]
		for i := v.first; i < min(v.first+v.room(), len(rows)); i++ {
			mark, paint := "  ", plain
			if i == v.cursor {
				mark, paint = "> ", look.Strong
			}
			lines = append(lines, paint(mark+rows[i]))
		}
		for range v.room() - (len(lines) - 2) {
			lines = append(lines, "")
		}
	}
	lines = append(lines, look.Quiet(hints))
	for i, line := range lines {
		if !v.opened || i != 2 {
			lines[i] = layout.End(look.Fold(line), v.width, "")
		}
	}
	return strings.Join(lines, "\n")
}

func plain(text string) string { return text }
