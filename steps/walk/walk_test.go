package walk

import (
	"testing"

	"flasktui/steps/box"
	"flasktui/steps/facts"
	"flasktui/sys/nginx"
	"flasktui/sys/web"
)

// TestAStepIsWhole: it says all that is to be known of it, and its place is its number.
func TestAStepIsWhole(t *testing.T) {
	t.Parallel()
	for index, step := range All() {
		if step.Number != index+1 || step.ID == "" || step.Title == "" || step.Question == "" || len(step.Needs) == 0 || step.Judge == nil {
			t.Errorf("step %d has gaps: %+v", index+1, step)
		}
	}
}

// TestWhereAnotherFileComesFrom: out of what kept it, of where Nginx takes it, or by the app.
func TestWhereAnotherFileComesFrom(t *testing.T) {
	t.Parallel()
	b := box.New(&facts.Facts{})
	cached := facts.StaticProbe{Identity: facts.Answer{Cache: web.CacheAnswer{Hit: true}}, Location: &nginx.Location{}, ServedResolved: "/srv/old/app.css"}
	for want, probe := range map[string]facts.StaticProbe{
		"out of a cache":          cached,
		"out of /srv/old/app.css": {Location: &nginx.Location{}, ServedResolved: "/srv/old/app.css"},
		"by the app itself":       {ServedResolved: "/srv/old/app.css"},
	} {
		if got := staticSource(b, probe); string(got) != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
	if got := staticSource(b, facts.StaticProbe{Location: &nginx.Location{}}); got != "by the app itself" {
		t.Errorf("where Nginx's file leads is not known: %s", got)
	}
}
