package docker

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// TestWhichProfilesAServiceNeeds: those of the services that are wanted, and of what these
// need, each once; a service that has several is there by any one of them.
func TestWhichProfilesAServiceNeeds(t *testing.T) {
	t.Parallel()
	services, err := ParseComposeModel(strings.NewReader(`{"services": {
		"web": {"profiles": ["prod"], "depends_on": {"cache": {"condition": "service_started"}}},
		"cache": {"profiles": ["store", "debug"]},
		"worker": {"profiles": ["jobs", "prod"]}, "mail": {}}}`))
	if err != nil {
		t.Fatal(err)
	}
	for wanted, want := range map[string][]string{
		"mail": nil, "gone": nil, "web": {"prod", "store"}, "cache": {"store"}, "worker": {"jobs"}, "web worker": {"prod", "store"},
	} {
		if diff := cmp.Diff(want, profilesOf(services, strings.Fields(wanted)), cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", wanted, diff)
		}
	}
	argv := Compose{Tool: []string{"docker", "compose"}}.Argv(ComposeProject{Name: "shop", Files: []string{"/a.yml", "/b.yml"}, Profiles: []string{"prod", "store"}}, "up", "-d", "web")
	if got := strings.Join(argv, " "); got != "docker compose -p shop -f /a.yml -f /b.yml --profile prod --profile store up -d web" {
		t.Errorf("%s", got)
	}
}
