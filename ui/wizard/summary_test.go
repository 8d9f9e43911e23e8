package wizard

import (
	"testing"

	"flasktui/steps/report"
	"flasktui/sys"
)

func TestSameRelease(t *testing.T) {
	disk := report.ReleaseSummary{ID: "20251123140310 (3e9d0c4)", Commit: "3e9d0c4f1b2a"}
	for id, same := range map[string]bool{
		"20251123140310 (3e9d0c4)": true,
		"20251123140310":           true,
		"3e9d0c4":                  true,
		"3e9d0c4f1b2a9d8c7b6a5f4e3d2c1b0a99887766": true,
		"8c1f2ab":                  false,
		"3e9d0c4, 8c1f2ab":         false,
		"20251122090000 (8c1f2ab)": false,
		"3":                        false,
		"v2":                       false,
	} {
		if got := disk.Same(report.ReleaseSummary{ID: sys.Text(id)}); got != same {
			t.Errorf("%q: %v", id, got)
		}
	}
	if (report.ReleaseSummary{ID: "release-1"}).Same(report.ReleaseSummary{ID: "release-12"}) {
		t.Error("release-1 passes for release-12")
	}
}
