package lab

import "testing"

// TestReal proves the lab itself: that every fault is one, and that curing it
// by hand cures it.
func TestReal(t *testing.T) {
	byHand := map[string]Act{
		"restart":               restart,
		"hup":                   reload,
		"daemon-reload-restart": acts(sh("systemctl daemon-reload"), restart),
		"nginx-reload":          sh("systemctl reload nginx; sleep 1"),
		"switch-symlink":        acts(sh(`rm -rf {{.Live}}/{{index .IDs 1}}; ln -sfn {{.Dir 1}} {{.Live}}`), restart),
		"clear-bytecode":        acts(sh("find {{.Base}} -name __pycache__ -exec rm -r {} +"), restart),
		"stop-orphan": acts(sh(`for p in $(pgrep -f '[b]in/gunicorn'); do grep -q session-1 /proc/$p/cgroup && kill $p; done
sleep 1; systemctl reset-failed {{.Unit}} || :`), restart),
	}
	for _, f := range append(Faults(), Healthy()...) {
		t.Run(f.Name, func(t *testing.T) {
			t.Parallel()
			c := prepare(t, f.Name, f.Site)
			if err := f.Broken(t.Context(), c); err != nil {
				t.Fatal(err)
			}
			cure := f.Cure
			if a := byHand[f.Fix]; a != nil {
				if cure == nil {
					cure = a
				} else {
					cure = acts(a, f.Cure)
				}
			}
			if cure != nil {
				if err := cure(t.Context(), c); err != nil {
					t.Fatal(err)
				}
			}
			if f.Verdict == inconclusive {
				return
			}
			if err := f.Cured(t.Context(), c); err != nil {
				t.Fatal(err)
			}
		})
	}
}
