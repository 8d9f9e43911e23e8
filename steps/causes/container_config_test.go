package causes

import (
	"testing"

	"flasktui/steps/box"
	"flasktui/steps/facts/factstest"
	"flasktui/sys/docker"
)

// TestAContainerOfOtherFilesThanItsSiblings is worth a word where all of them agree, and decides
// nothing: a service may have a file of its own.
func TestAContainerOfOtherFilesThanItsSiblings(t *testing.T) {
	t.Parallel()
	const dev, prod = "/srv/shop/docker-compose.yml", "/srv/shop/docker-compose.prod.yml"
	for name, test := range map[string]struct {
		others []docker.Container
		named  string
		want   bool
	}{
		"alone":               {},
		"as all others":       {others: []docker.Container{{Service: "db", ConfigFiles: []string{dev}}}},
		"other than all":      {others: []docker.Container{{Service: "db", ConfigFiles: []string{prod}}, {Service: "jobs", ConfigFiles: []string{prod}}}, want: true},
		"other than some":     {others: []docker.Container{{Service: "db", ConfigFiles: []string{prod}}, {Service: "jobs", ConfigFiles: []string{dev}}}},
		"a run for one order": {others: []docker.Container{{Service: "db", ConfigFiles: []string{prod}, OneOff: true}}},
		"the file was named":  {others: []docker.Container{{Service: "db", ConfigFiles: []string{prod}}}, named: prod},
	} {
		known := factstest.Compose("2.29.0", false, docker.Image{})
		known.Options.ComposeFile = test.named
		for index, other := range test.others {
			other.ID, other.Project, other.State = string(rune('a'+index)), "shop", "running"
			known.Containers.Value = append(known.Containers.Value, other)
		}
		finding := containerFromOtherFiles(box.New(known))
		if (finding != nil) != test.want || finding != nil && finding.Decides() {
			t.Errorf("%s: %+v", name, finding)
		}
	}
}
