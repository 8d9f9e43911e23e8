package report

import "testing"

// TestPassesOn: a hop that works, above the one where the path breaks, passes on what the site
// is seen to answer, and nothing is said of it that is not known.
func TestPassesOn(t *testing.T) {
	stale := func() Report {
		return Report{
			Verdict: Stale,
			Releases: Releases{
				OnDisk: ReleaseSummary{ID: "20251123 (3e9d0c4)"}, Loaded: ReleaseSummary{ID: "8c1f2ab"},
				Served: ServedRelease{ReleaseSummary: ReleaseSummary{ID: "8c1f2ab"}},
			},
			Path: []Hop{
				{Hop: HopURL, State: OK},
				{Hop: HopCache, State: OK},
				{Hop: HopNginx, State: OK},
				{Hop: HopSocket, State: Unknown},
				{Hop: HopMaster, State: OK},
				{Hop: HopWorkers, State: Fail},
				{Hop: HopUnit, State: OK},
				{Hop: HopRelease, State: OK},
			},
		}
	}
	for name, test := range map[string]struct {
		change func(*Report)
		want   []string
	}{
		"stale":                 {func(*Report) {}, []string{OldCode, "", OldCode, "", "", "", "", ""}},
		"the new is served":     {func(d *Report) { d.Releases.Served.ID = "3e9d0c4f1b" }, []string{"", "", "", "", "", "", "", ""}},
		"both are":              {func(d *Report) { d.Verdict, d.Releases.Served.ID = Mixed, "8c1f2ab, 3e9d0c4" }, []string{"old and new code in turn", "", "old and new code in turn", "", "", "", "", ""}},
		"not known":             {func(d *Report) { d.Releases.Served.ID = "" }, []string{"", "", "", "", "", "", "", ""}},
		"fresh":                 {func(d *Report) { d.Verdict = Fresh }, []string{"", "", "", "", "", "", "", ""}},
		"Nginx leads elsewhere": {func(d *Report) { d.Path[2].State, d.Path[5].State = Fail, OK }, []string{OldCode, "", "", "", "", "", "", ""}},
		"the link is old":       {func(d *Report) { d.Path[5].State, d.Path[6].State = OK, Fail }, []string{OldCode, "", OldCode, "", "", OldCode, "", ""}},
		"nothing is broken":     {func(d *Report) { d.Path[5].State = Unknown }, []string{"", "", "", "", "", "", "", ""}},
	} {
		document := stale()
		test.change(&document)
		for i, want := range test.want {
			if got := document.PassesOn(i); got != want {
				t.Errorf("%s: the %s passes on %q, not %q", name, document.Path[i].Hop, got, want)
			}
		}
	}
}
