package guide_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"flasktui/steps"
	"flasktui/steps/guide"
)

func TestEveryStepCauseAndFixHasItsPage(t *testing.T) {
	t.Parallel()
	for _, step := range steps.All() {
		page := step.Page()
		if page.ID != step.ID || page.Title != step.Title || hollow(page.Asks, page.Why, page.Good, page.Read, page.Mistake, page.IfItFails) || len(page.Commands) == 0 {
			t.Errorf("step %s: its page is missing or has gaps", step.ID)
		}
	}
	for _, cause := range steps.Causes() {
		page := cause.Page()
		if page.ID != cause.ID || page.Title != cause.Title || hollow(page.What, page.How, page.Prevent) || len(page.Commands) == 0 || len(page.Guard) == 0 {
			t.Errorf("cause %s: its page is missing or has gaps", cause.ID)
		}
	}
	for _, fix := range steps.Fixes() {
		page := fix.Page()
		if page.ID != fix.ID || page.Title != fix.Title || hollow(page.Does, page.When, page.Risk, page.Undo, page.Proof) || len(page.Commands) == 0 {
			t.Errorf("fix %s: its page is missing or has gaps", fix.ID)
		}
	}
	if _, known := steps.StepPage("no-such-step"); known {
		t.Error("there is a page of a step that is none")
	}
}

func TestPagesLeadSomewhereAndFillWell(t *testing.T) {
	t.Parallel()
	known := strings.Fields("unit url root current venv server pid socket asset envfile container project service")
	placeholder, template := regexp.MustCompile(`\{([a-z]+)\}`), regexp.MustCompile(`\{\{.*?\}\}`)
	var pages []guide.Page
	for _, step := range steps.All() {
		pages = append(pages, step.Page())
	}
	for _, fix := range steps.Fixes() {
		pages = append(pages, fix.Page())
	}
	for _, cause := range steps.Causes() {
		pages = append(pages, cause.Page())
	}
	for _, page := range pages {
		for _, id := range page.See {
			_, step := steps.StepPage(id)
			_, cause := steps.CausePage(id)
			_, fix := steps.FixPage(id)
			if !step && !cause && !fix {
				t.Errorf("%s leads to %s, which there is not", page.ID, id)
			}
		}
		for _, command := range slices.Concat(page.Commands, page.Guard) {
			for _, found := range placeholder.FindAllStringSubmatch(template.ReplaceAllString(command, ""), -1) {
				if !slices.Contains(known, found[1]) {
					t.Errorf("%s: no box has a name for %s in %q", page.ID, found[0], command)
				}
			}
		}
		for _, section := range page.Sections() {
			if strings.Contains(section.Text, "  ") || strings.Contains(section.Text, "{") || strings.ContainsFunc(section.Text, func(r rune) bool { return r > '~' || r < ' ' }) {
				t.Errorf("%s: %s is not plain text: %q", page.ID, section.Heading, section.Text)
			}
		}
	}
}

func TestWordsAreSortedAndExplained(t *testing.T) {
	t.Parallel()
	words := guide.Words()
	sorted := slices.IsSortedFunc(words, func(a, b guide.Word) int {
		return strings.Compare(strings.ToLower(a.Word), strings.ToLower(b.Word))
	})
	if !sorted {
		t.Error("the words are not in alphabetical order")
	}
	for _, word := range words {
		if hollow(word.Word, word.Meaning) {
			t.Errorf("%q is not explained", word.Word)
		}
	}
}

func TestFill(t *testing.T) {
	t.Parallel()
	names := guide.Names{"unit": "shop.service", "url": "https://shop.example/", "socket": "/run/shop.sock"}
	cases := map[string]string{
		"systemctl restart {unit}":                        "systemctl restart shop.service",
		"curl {url}/version":                              "curl https://shop.example/version",
		"curl {url}":                                      "curl https://shop.example/",
		"readlink {current}/x":                            "readlink CURRENT/x",
		"docker inspect {container} -f '{{.Image}}'":      "docker inspect CONTAINER -f '{{.Image}}'",
		"upstream shop { server unix:{socket}; }":         "upstream shop { server unix:/run/shop.sock; }",
		"docker inspect -f '{{range .A}}{{.B}} {{end}}'":  "docker inspect -f '{{range .A}}{{.B}} {{end}}'",
		"find . -exec gzip {} +":                          "find . -exec gzip {} +",
		"{{index .Config.Labels \"com.docker.compose\"}}": "{{index .Config.Labels \"com.docker.compose\"}}",
	}
	for command, want := range cases {
		if got := guide.Fill(command, names); got != want {
			t.Errorf("%q is filled as %q, want %q", command, got, want)
		}
	}
	if got := guide.Fill("a {unit} b", nil); got != "a UNIT b" {
		t.Errorf("without names: %q", got)
	}
}

func hollow(texts ...string) bool {
	return slices.ContainsFunc(texts, func(text string) bool { return strings.TrimSpace(text) == "" })
}

// A comment that cites a trap has to lead somewhere.
func TestEveryTrapThatTheCodeCitesIsExplained(t *testing.T) {
	t.Parallel()
	for i, trap := range guide.Traps() {
		if want := "G" + strconv.Itoa(i+1); trap.Number != want || hollow(trap.Title, trap.Text) {
			t.Errorf("trap %d is %q", i+1, trap.Number)
		}
	}
	cited := regexp.MustCompile(`\bG[1-9][0-9]?\b`)
	err := filepath.WalkDir("../..", func(path string, _ fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".go" {
			return err
		}
		source, err := os.ReadFile(path)
		for _, comment := range regexp.MustCompile(`//[^\n]*`).FindAll(source, -1) {
			for _, number := range cited.FindAll(comment, -1) {
				if _, known := guide.TrapPage(string(number)); !known {
					t.Errorf("%s cites %s, which is no trap", path, number)
				}
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
