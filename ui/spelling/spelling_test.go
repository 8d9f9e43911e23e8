package spelling

import "testing"

// TestService finds the service that was meant, without the ending that nobody types, and none
// where none is near.
func TestService(t *testing.T) {
	services := []string{"blog.service", "shop.service", "compose:web/app", "shop@blue.service", "supervisor:beside", "supervisor:bait"}
	for typed, want := range map[string]string{
		"shpo": "shop.service", "shop.servce": "shop.service", "blgo.service": "blog.service", "compose:web/ap": "compose:web/app",
		"shop@bleu": "shop@blue.service", "SHPO": "shop.service", "wiki": "", "": "",
		"supervisor:nobody": "", "supervisor:bseide": "supervisor:beside", "compose:beside": "", "supervisor:": "",
	} {
		if got := Service(typed, services); got != want {
			t.Errorf("%q is taken for %q, not %q", typed, got, want)
		}
	}
}
