package wizard

import (
	"context"
	"errors"
	"strings"
	"testing"

	"flasktui/steps"
	"flasktui/sys"
)

func threeServices() *steps.TargetError {
	return &steps.TargetError{
		Problem: "several Flask services run on this box", Hint: "name the one that you mean, for example: flasktui check blog.service",
		Services: []string{"blog.service", "shop.service", "wiki.service"},
		About:    map[string]sys.Text{"wiki.service": "/srv/wiki"},
	}
}

// openServices goes from an examined service to all of them, of which two were looked at.
func openServices(t *testing.T, config Config) *bench {
	b := open(t, config, staleReport())
	b.press("s")
	b.tell(listedMsg{threeServices()})
	b.tell(glancedMsg{b.chooser.glances, "blog.service", finished(freshReport()), nil})
	b.tell(glancedMsg{b.chooser.glances, "shop.service", finished(staleReport()), nil})
	return b
}

// openNear asks for a service by a name that none has.
func openNear(t *testing.T, config Config) *bench {
	config.Options.Service = "shpo"
	b := newBench(t, config)
	problem := threeServices()
	problem.Problem = "there is no unit shpo.service among the services of this box"
	b.tell(examineEndedMsg{look: b.look, err: problem})
	return b
}

// TestTheServicesOfABox are told with their verdicts as they come in, one look at a time, and
// esc goes back.
func TestTheServicesOfABox(t *testing.T) {
	var asked []string
	atOnce := 0
	reports := map[string]steps.Examination{"blog.service": finished(freshReport()), "shop.service": finished(staleReport())}
	examine := func(_ context.Context, _ sys.Machine, options steps.Options, _ func(steps.Examination)) (steps.Examination, error) {
		if atOnce++; atOnce > 1 {
			t.Error("two looks at once")
		}
		defer func() { atOnce-- }()
		if options.Service == "" {
			return steps.Examination{}, threeServices()
		}
		asked = append(asked, options.Service+" "+options.URL)
		if known, ok := reports[options.Service]; ok {
			return known, nil
		}
		return steps.Examination{}, errors.New("gone")
	}
	b := open(t, Config{Examine: examine, Options: steps.Options{Service: "shop.service", URL: "https://shop.example/"}}, staleReport())
	b.press("s")
	b.run(func() bool { return b.chooser.problem != nil && b.chooser.unseen() == "" })
	for _, want := range []string{"blog.service  FRESH ", "> 2 shop.service  STALE ", "not to be told"} {
		b.sees(want)
	}
	if got := strings.Join(asked, ","); got != "blog.service ,shop.service https://shop.example/,wiki.service " {
		t.Errorf("asked %s", got)
	}
	b.press("esc")
	b.sees("Master")
	b.sees("STALE")
	b.press("s")
	b.tell(listedMsg{threeServices()})
	b.press("1")
	if b.options.Service != "blog.service" || b.options.URL != "" || !b.probing {
		t.Errorf("%+v is examined", b.options)
	}
	// What a look that was left says is not heard.
	b.tell(glancedMsg{b.chooser.glances - 1, "wiki.service", finished(freshReport()), nil})
	b.press("s")
	b.tell(listedMsg{nil})
	b.sees("No other service")
}

// TestAMisspeltNameIsAnswered with the one that was meant, which enter takes.
func TestAMisspeltNameIsAnswered(t *testing.T) {
	b := openNear(t, Config{})
	b.sees("Did you mean shop.service?")
	b.press("enter")
	if b.options.Service != "shop.service" {
		t.Errorf("%q is examined", b.options.Service)
	}
}

// TestSearch looks for words on the pages, as less does.
func TestSearch(t *testing.T) {
	b := openLog(t, Config{})
	b.press("/", "checkout/2", "enter")
	b.sees(`"checkout/2": 1 of 11`)
	b.press("n", "n")
	b.sees(`"checkout/2": 3 of 11`)
	b.sees("GET /checkout/21 ")
	b.press("N")
	b.sees(`"checkout/2": 2 of 11`)
	b.press("esc")
	b.seesNot("of 11")
	if b.shown != logKind {
		t.Error("esc left the page, and not the search")
	}
	b.press("/", "Umbrella", "enter")
	b.sees("1 of 1")
	b.press("/", "nowhere", "enter")
	b.sees(`"nowhere" stands nowhere on this page`)
	b.press("esc", "/", "q", "esc")
	if !b.stays() {
		t.Error("a letter of the search quits")
	}
	b.press("esc")
	b.sees("Master")

	b = open(t, Config{}, staleReport())
	b.press("?", "/", "preload", "enter")
	b.sees("The master loads the code once")

	b = openChooser(t, Config{})
	b.press("/", "blue", "enter", "enter")
	if b.options.Service != "shop@blue.service" {
		t.Errorf("%q is examined", b.options.Service)
	}
}

// TestASearchConfirmsNothing: what is typed into it reaches no page.
func TestASearchConfirmsNothing(t *testing.T) {
	b := open(t, Config{}, staleReport())
	b.press("/", "fy")
	if b.shown != pathKind || b.fix != nil {
		t.Error("a letter of the search did something")
	}
	b.press("enter", "esc", "f")
	b.sees("Restart the service?")
}

// TestDigitsTurnToSteps of one and of two digits.
func TestDigitsTurnToSteps(t *testing.T) {
	for keys, want := range map[string]string{"4": "Step 4 of 14", "1": "Step 1 of 14", "1 2": "Step 12 of 14", "1 n 2": "Step 2 of 14", "1 5": "Step 5 of 14", "1 0": "Step 10 of 14", "d 9": "Step 9 of 14", "2 3": "Step 3 of 14", "1 4 4": "Step 4 of 14"} {
		b := open(t, Config{}, staleReport())
		b.press(strings.Fields(keys)...)
		b.sees(want)
	}
}

// TestAKeyThatDoesNothingSaysSo once.
func TestAKeyThatDoesNothingSaysSo(t *testing.T) {
	b := open(t, Config{}, staleReport())
	b.press("z")
	b.sees("z does nothing here; ? shows the keys.")
	b.press("z")
	b.seesNot("does nothing")
	b.press("w", "y")
	b.sees("y does nothing here")
}

// TestHelpBeginsWithThePage that it was asked from.
func TestHelpBeginsWithThePage(t *testing.T) {
	b := open(t, Config{}, staleReport())
	b.press("w", "?")
	lines := strings.Split(b.screen(), "\n")
	if !strings.Contains(lines[2], "On the page that you came from") || !strings.Contains(strings.Join(lines[3:8], " "), "next step") {
		t.Errorf("it begins otherwise:\n%s", b.screen())
	}
}

// TestHalfPages: ctrl+d and ctrl+u go half a page, G to the end.
func TestHalfPages(t *testing.T) {
	b := open(t, Config{}, staleReport())
	b.press("?")
	b.press("ctrl+d")
	half := b.help.scroll.view.YOffset
	b.press("pgdown")
	if page := b.help.scroll.view.YOffset - half; half == 0 || page < 2*half-1 {
		t.Errorf("ctrl+d goes %d lines, a page is %d", half, page)
	}
	b.press("ctrl+u")
	b.press("G")
	if !b.help.scroll.view.AtBottom() {
		t.Error("G does not go to the end")
	}
}
