package lab

import "testing"

// TestBig asks for the same verdict, cure and proof on a crowded box.
func TestBig(t *testing.T) {
	f := Big()
	c := prepare(t, f.Name, f.Site)
	if err := f.Broken(t.Context(), c); err != nil {
		t.Fatalf("the fault is none: %v", err)
	}
	row := &Row{Fault: f.Name}
	finds(t, f, c, row)
	cures(t, f, c, row)
}
