package wizard

import (
	"encoding/xml"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
)

// A cell of a terminal, in the units of the picture.
const (
	cellWidth  = 8.4
	cellHeight = 18
	margin     = 14
)

// palette is what a picture's colours are: of the background, of text, and of the terminal's
// colours by their numbers.
type palette struct {
	back, text string
	colours    map[string]string
}

func palettes() map[string]palette {
	return map[string]palette{
		"dark": {"#16181d", "#d7dae0", map[string]string{
			"31": "#ff7b72", "32": "#56d364", "33": "#e3b341", "35": "#d2a8ff", "36": "#76e3ea", "34": "#79c0ff",
		}},
		"light": {"#ffffff", "#24292f", map[string]string{
			"31": "#c4121a", "32": "#11702e", "33": "#7d5000", "35": "#7a36c8", "36": "#0b6b75", "34": "#0a56c2",
		}},
	}
}

// drawn is a screen as a picture: each run of cells that look alike is placed by its column, so
// that no font can move what stands below one another.
func drawn(screen, title string, colours palette) string {
	lines := strings.Split(screen, "\n")
	width := 0
	for _, line := range lines {
		width = max(width, ansi.StringWidth(line))
	}
	var picture strings.Builder
	across, down := 2*margin+float64(width)*cellWidth, 2*margin+len(lines)*cellHeight
	fmt.Fprintf(&picture, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %.0f %d" width="%.0f" height="%d" role="img" aria-label="%s" font-family="ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace" font-size="14">`+"\n",
		across, down, across, down, escaped(title))
	fmt.Fprintf(&picture, `<rect width="100%%" height="100%%" rx="8" fill="%s"/>`+"\n", colours.back)
	for row, line := range lines {
		column := 0
		for _, run := range runs(line) {
			if strings.TrimSpace(run.text) != "" {
				fmt.Fprintf(&picture, `<text x="%.1f" y="%d" textLength="%.1f" xml:space="preserve"%s>%s</text>`+"\n",
					margin+float64(column)*cellWidth, margin+row*cellHeight+14, float64(ansi.StringWidth(run.text))*cellWidth, run.looks(colours), escaped(run.text))
			}
			column += ansi.StringWidth(run.text)
		}
	}
	return picture.String() + "</svg>\n"
}

// run is text that looks alike.
type run struct {
	text        string
	colour      string
	bold, faint bool
}

func (r run) looks(colours palette) string {
	fill := colours.text
	if known, has := colours.colours[r.colour]; has {
		fill = known
	}
	looks := fmt.Sprintf(` fill=%q`, fill)
	if r.bold {
		looks += ` font-weight="bold"`
	}
	if r.faint {
		looks += ` opacity="0.75"`
	}
	return looks
}

// runs takes a line of a terminal apart, of whose escape sequences a screen of ours has those of
// colour and weight alone.
func runs(line string) []run {
	var all []run
	now := run{}
	for line != "" {
		before, after, styled := strings.Cut(line, "\x1b[")
		if before != "" {
			now.text = before
			all = append(all, now)
		}
		if !styled {
			break
		}
		parameters, rest, _ := strings.Cut(after, "m")
		for parameter := range strings.SplitSeq(parameters, ";") {
			switch parameter {
			case "", "0":
				now = run{}
			case "1":
				now.bold = true
			case "2":
				now.faint = true
			default:
				// The bright colours, 90 to 97, are the others' here.
				now.colour = strings.Replace(parameter, "9", "3", 1)
			}
		}
		line = rest
	}
	return all
}

func escaped(text string) string {
	var safe strings.Builder
	// Writing into a Builder does not fail.
	_ = xml.EscapeText(&safe, []byte(text))
	return safe.String()
}

// holdPicture holds the pictures of a screen in docs/ to what it looks like, but for the digits of
// times; with -update it draws them.
func holdPicture(t *testing.T, name, title, screen string) {
	t.Helper()
	for background, colours := range palettes() {
		path := "../../docs/" + name + "-" + background + ".svg"
		picture := drawn(screen, title, colours)
		if flag.Lookup("update").Value.String() == "true" {
			if err := os.WriteFile(path, []byte(picture), 0o600); err != nil {
				t.Fatal(err)
			}
			continue
		}
		kept, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if withoutTimes(string(kept)) != withoutTimes(picture) {
			t.Errorf("%s is not what the wizard looks like: make golden", path)
		}
	}
}
