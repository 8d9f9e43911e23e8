package page

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
)

// drawn is a page with one text wherever a text may stand.
func drawn(t *testing.T, text string) string {
	t.Helper()
	page := New(text)
	page.Head(text, text, text, text)
	page.Section(text)
	page.Sub(text)
	page.Text(text)
	page.Commands([]string{text})
	row := []Row{{State: text, Cells: []string{text, "", text, text}}}
	page.Table([]string{text, text, text, text}, row)
	page.Path(row)
	page.Timeline(text, text, []Moment{{State: text, Clock: text, Text: text}, {Text: text, Right: true, After: text}})
	var written strings.Builder
	if err := page.Write(&written); err != nil {
		t.Fatal(err)
	}
	return written.String()
}

// elements are the names of the elements of a page, in order, with the names of what they carry.
func elements(t *testing.T, page string) string {
	t.Helper()
	var names strings.Builder
	decoder := xml.NewDecoder(strings.NewReader(page))
	decoder.Strict, decoder.AutoClose, decoder.Entity = false, xml.HTMLAutoClose, xml.HTMLEntity
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return names.String()
		}
		if err != nil {
			t.Fatal(err)
		}
		if start, is := token.(xml.StartElement); is {
			names.WriteString(start.Name.Local)
			for _, attribute := range start.Attr {
				names.WriteString(" " + attribute.Name.Local)
			}
			names.WriteString("\n")
		}
	}
}

// TestTextStaysText: whatever a box calls its things, the page has the same elements.
func TestTextStaysText(t *testing.T) {
	t.Parallel()
	plain := elements(t, drawn(t, "plain"))
	for _, hostile := range []string{`<script>alert(1)</script>`, `" onload="x`, `' onload='x`, `</style><b>`, `</title><img src=x>`, `&lt;b&gt;`, "-->", "]]>"} {
		if got := elements(t, drawn(t, hostile)); got != plain {
			t.Errorf("%q changes the page", hostile)
		}
	}
}

// TestThePageIsWholeInItself: no script, and nothing that a browser would fetch.
func TestThePageIsWholeInItself(t *testing.T) {
	t.Parallel()
	page := strings.ToLower(drawn(t, "text"))
	for _, foreign := range []string{"<script", "src=", "href=", "url(", "@import", "http:", "https:"} {
		if strings.Contains(page, foreign) {
			t.Errorf("the page has %s in it", foreign)
		}
	}
	if strings.Contains(page, "<th scope=\"col\">text</th><th scope=\"col\">text</th><th scope=\"col\">text</th><th") {
		t.Error("a column that is empty in each row is shown")
	}
}
