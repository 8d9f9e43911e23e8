// Package page writes one self-contained page of HTML: no script, nothing fetched, light and dark
// as the reader has it, and fit to be printed. All that it is given is text, and stays text.
//
// It knows nothing of what it writes. Begin with New.
package page

import (
	_ "embed"
	"html"
	"io"
	"strings"
)

//go:embed page.css
var style string

// Page is what has been written so far.
type Page struct{ body strings.Builder }

// New begins a page with its title.
func New(title string) *Page {
	page := &Page{}
	page.body.WriteString("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n" +
		// Whatever text should come to be read as markup after all, nothing of it is run or fetched.
		"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n" +
		"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>" + html.EscapeString(title) +
		"</title>\n<style>\n" + style + "</style>\n</head>\n<body>\n<main>\n")
	return page
}

// Write ends the page and writes it.
func (p *Page) Write(w io.Writer) error {
	_, err := io.WriteString(w, p.body.String()+"</main>\n</body>\n</html>\n")
	return err
}

// Head is what the page is about: a word that is coloured as a state, a title, and a sentence.
func (p *Page) Head(word, state, title, sentence string) {
	p.body.WriteString("<header class=\"" + html.EscapeString(state) + "\"><p class=\"word\">" + html.EscapeString(word) + "</p><div><h1>" +
		html.EscapeString(title) + "</h1><p>" + html.EscapeString(sentence) + "</p></div></header>\n")
}

// Section begins a part with its heading.
func (p *Page) Section(heading string) {
	p.body.WriteString("<h2>" + html.EscapeString(heading) + "</h2>\n")
}

// Sub begins a part of a part.
func (p *Page) Sub(heading string) {
	p.body.WriteString("<h3>" + html.EscapeString(heading) + "</h3>\n")
}

// Text is a paragraph; none is written where there is none.
func (p *Page) Text(text string) {
	if text != "" {
		p.body.WriteString("<p>" + html.EscapeString(text) + "</p>\n")
	}
}

// Commands are lines that are typed as they stand.
func (p *Page) Commands(lines []string) {
	if len(lines) > 0 {
		p.body.WriteString("<pre>" + html.EscapeString(strings.Join(lines, "\n")) + "</pre>\n")
	}
}

// Row is one row of a table or path; its state colours it.
type Row struct {
	State string
	Cells []string
}

// Table is a table, in which a column that is empty in each row is left out.
func (p *Page) Table(columns []string, rows []Row) {
	filled := make([]bool, len(columns))
	for _, row := range rows {
		for i, cell := range row.Cells {
			filled[i] = filled[i] || cell != ""
		}
	}
	p.body.WriteString("<div class=\"wide\"><table>\n<thead><tr>")
	for i, column := range columns {
		if filled[i] {
			p.body.WriteString("<th scope=\"col\">" + html.EscapeString(column) + "</th>")
		}
	}
	p.body.WriteString("</tr></thead>\n<tbody>\n")
	for _, row := range rows {
		p.body.WriteString("<tr class=\"" + html.EscapeString(row.State) + "\">")
		for i, cell := range row.Cells {
			if filled[i] {
				p.body.WriteString("<td>" + html.EscapeString(cell) + "</td>")
			}
		}
		p.body.WriteString("</tr>\n")
	}
	p.body.WriteString("</tbody></table></div>\n")
}

// Path is a chain of stations, each with its state, a name, a label and what is said of it.
func (p *Page) Path(stations []Row) {
	p.body.WriteString("<ol class=\"path\">\n")
	for _, station := range stations {
		p.body.WriteString("<li class=\"" + html.EscapeString(station.State) + "\">")
		for i, cell := range station.Cells {
			name := [...]string{"name", "label", "state", "detail"}[min(i, 3)]
			if cell != "" {
				p.body.WriteString("<span class=\"" + name + "\">" + html.EscapeString(cell) + "</span> ")
			}
		}
		p.body.WriteString("</li>\n")
	}
	p.body.WriteString("</ol>\n")
}

// Moment is one station of a time line, on its left lane or on its right.
type Moment struct {
	State, Clock, Text string
	Right              bool
	// After is how long it came after the one before; empty for the first.
	After string
}

// Timeline draws what happened on two lanes beside one axis, the oldest at the top.
func (p *Page) Timeline(left, right string, moments []Moment) {
	p.body.WriteString("<div class=\"lanes\"><b>" + html.EscapeString(left) + "</b><b>" + html.EscapeString(right) + "</b></div>\n<ol class=\"time\">\n")
	for _, moment := range moments {
		lane := "left"
		if moment.Right {
			lane = "right"
		}
		if moment.After != "" {
			p.body.WriteString("<li class=\"gap\">" + html.EscapeString(moment.After) + "</li>\n")
		}
		p.body.WriteString("<li class=\"" + lane + " " + html.EscapeString(moment.State) + "\"><time>" + html.EscapeString(moment.Clock) + "</time> <span>" +
			html.EscapeString(moment.Text) + "</span></li>\n")
	}
	p.body.WriteString("</ol>\n")
}
