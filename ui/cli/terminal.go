package cli

import (
	"os"
	"strings"

	"github.com/charmbracelet/x/term"

	"flasktui/ui/render"
)

// Terminal says which of the standard streams are a terminal, and how wide it is.
type Terminal struct {
	Stdin, Stdout, Stderr bool
	Width                 int
}

func detectTerminal(stdin, stdout, stderr *os.File) Terminal {
	terminal := Terminal{
		Stdin:  term.IsTerminal(stdin.Fd()),
		Stdout: term.IsTerminal(stdout.Fd()),
		Stderr: term.IsTerminal(stderr.Fd()),
	}
	if terminal.Stdout {
		// A terminal that does not know its width is taken for one of 80 columns.
		terminal.Width, _, _ = term.GetSize(stdout.Fd())
	}
	return terminal
}

// dumb is a terminal that cannot place the cursor.
func (r *run) dumb() bool { return r.Getenv("TERM") == "dumb" }

// interactive tells whether a person can be asked something and sees the question.
func (r *run) interactive() bool { return r.Terminal.Stdin && r.Terminal.Stdout }

// style is how a text report may look where standard output goes.
func (r *run) style() render.Style {
	if r.plain {
		return render.Style{Width: r.Terminal.Width, Indent: true}
	}
	color := r.Terminal.Stdout && !r.dumb() && r.Getenv("CLICOLOR") != "0"
	if force := r.Getenv("CLICOLOR_FORCE"); force != "" && force != "0" {
		color = true
	}
	if r.Getenv("NO_COLOR") != "" {
		color = false
	}
	return render.Style{Color: color, Unicode: r.Terminal.Stdout && !r.dumb() && r.unicode(), Width: r.Terminal.Width, Indent: r.Terminal.Stdout}
}

// unicode tells whether the locale is one of UTF-8.
func (r *run) unicode() bool {
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if value := strings.ToLower(r.Getenv(name)); value != "" {
			return strings.Contains(value, "utf-8") || strings.Contains(value, "utf8")
		}
	}
	return false
}
