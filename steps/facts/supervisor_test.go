package facts

import "testing"

// TestNamesakes: a supervisord that is not believed does not put its program in the place
// of root's by giving it the same name; alone it is still seen.
func TestNamesakes(t *testing.T) {
	t.Parallel()
	own := Supervised{Master: 20, Program: "shop"}
	hers := Supervised{Master: 10, Program: "shop", Refusal: "not proved"}
	other := Supervised{Master: 11, Program: "bait", Refusal: "not proved"}
	facts := Facts{Supervised: Of(withoutNamesakes([]Supervised{hers, other, own}), "")}
	facts.Target.Program = "shop"
	if program, ok := facts.Program(); !ok || program.Master != own.Master {
		t.Errorf("shop is process %d", program.Master)
	}
	facts.Target.Program = "bait"
	if program, ok := facts.Program(); !ok || program.Master != other.Master {
		t.Errorf("bait is process %d", program.Master)
	}
}
