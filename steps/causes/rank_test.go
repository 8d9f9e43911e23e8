package causes

import (
	"strings"
	"testing"

	"flasktui/steps/report"
)

// TestTheCertainStandsBeforeTheLikely, whatever their places in the list of causes, and the
// possible behind both.
func TestTheCertainStandsBeforeTheLikely(t *testing.T) {
	t.Parallel()
	ranked, _ := Rank([]report.Finding{
		{ID: "wrong-service", Confidence: report.Possible},
		{ID: "service-failed", Confidence: report.Likely},
		{ID: "static-stale", Confidence: report.Certain},
		{ID: "nginx-wrong-upstream", Confidence: report.Certain},
	})
	var order []string
	for _, finding := range ranked {
		order = append(order, finding.ID)
	}
	if got := strings.Join(order, " "); got != "nginx-wrong-upstream static-stale service-failed wrong-service" {
		t.Error(got)
	}
}

// TestAConsequenceOfAConsequence is told with the one root, and is not lost with what lies
// between. A root that is merely possible explains nothing.
func TestAConsequenceOfAConsequence(t *testing.T) {
	t.Parallel()
	found := func(root report.Confidence) []report.Finding {
		return []report.Finding{
			{ID: "release-dir-deleted", Confidence: root},
			{ID: "service-not-restarted", Confidence: report.Certain},
			{ID: "templates-cached", Confidence: report.Likely},
		}
	}
	ranked, follows := Rank(found(report.Certain))
	if len(ranked) != 1 || strings.Join(ranked[0].Follows, " ") != "service-not-restarted templates-cached" || follows["templates-cached"].ID != "release-dir-deleted" {
		t.Errorf("%+v, %+v", ranked, follows)
	}
	ranked, follows = Rank(found(report.Possible))
	if len(ranked) != 2 || ranked[0].ID != "service-not-restarted" || strings.Join(ranked[0].Follows, " ") != "templates-cached" || len(follows) != 1 {
		t.Errorf("%+v, %+v", ranked, follows)
	}
}
