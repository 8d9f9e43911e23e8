package fixes

import (
	"strings"
	"testing"

	"flasktui/steps/box"
	"flasktui/steps/facts"
	"flasktui/steps/facts/factstest"
	"flasktui/steps/report"
	"flasktui/sys/docker"
)

var (
	composeSource = report.Source{Path: "/srv/shop/compose.yaml", Who: []string{"deploy"}}
	buildSource   = report.Source{Path: "/srv/shop/app", Who: []string{"deploy"}}
	privileged    = report.KeyChange{Key: "privileged", Then: "true", Gives: "all of root's rights on this box"}
	otherImage    = report.KeyChange{Key: "image", Now: "a", Then: "b"}
)

// from is a Compose service whose files come from there.
func from(origin facts.Origin) *box.Box {
	b := box.New(factstest.Compose("2.26.1", false, docker.Image{}))
	b.Origin = facts.Of(origin, "")
	b.Done = []facts.Reading{facts.GroupOrigin().Reading(0)}
	b.Images = facts.Of(map[string]docker.Image{"sha256:1": {}, "shop_web": {}}, "")
	return b
}

// TestRiskIsThatOfWhatIsGiven: a plan is named to be run where the files of another give
// more than there is, or may do so for all that is known; and nowhere else.
func TestRiskIsThatOfWhatIsGiven(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		origin                facts.Origin
		up, recreate, restart bool
	}{
		"root's files":               {facts.Origin{Changes: []report.KeyChange{privileged}}, false, false, false},
		"an everyday change":         {facts.Origin{Sources: []report.Source{composeSource}, Changes: []report.KeyChange{otherImage}}, false, false, false},
		"privileged":                 {facts.Origin{Sources: []report.Source{composeSource}, Changes: []report.KeyChange{privileged}}, true, true, false},
		"a key that is not known":    {facts.Origin{Sources: []report.Source{composeSource}, Uncompared: []string{"use_api_socket"}}, true, true, false},
		"nothing could be compared":  {facts.Origin{Sources: []report.Source{composeSource}, Problem: "no JSON"}, true, true, false},
		"a build with root's rights": {facts.Origin{Sources: []report.Source{composeSource}, BuildGives: []report.KeyChange{privileged}}, false, true, false},
		"root's file, their source":  {facts.Origin{Building: []report.Source{buildSource}, BuildGives: []report.KeyChange{privileged}}, false, false, false},
		"a mount that was led away":  {facts.Origin{LedBy: []report.Source{buildSource}, Led: []report.KeyChange{privileged}}, true, true, true},
	} {
		b := from(test.origin)
		for plan, want := range map[*Prepared]bool{new(planDockerUp(b)): test.up, new(planDockerRecreate(b)): test.recreate, new(planRestart(b)): test.restart} {
			if plan.MustBeNamed() != want || want && plan.Risk != report.HighRisk {
				t.Errorf("%s: %v: to be named %t, risk %s", name, plan.Commands, plan.MustBeNamed(), plan.Risk)
			}
		}
	}
	if b := from(facts.Origin{}); planDockerUp(b).Origin != nil {
		t.Error("files that are root's alone are told of")
	}
	unread := from(facts.Origin{})
	unread.Origin = facts.Unreadable[facts.Origin]("not read within 5s", "")
	if !planDockerUp(unread).MustBeNamed() {
		t.Error("what was not looked at is taken for harmless")
	}
}

// TestManagersRead: what systemd reads counts for the commands that have it read that.
func TestManagersRead(t *testing.T) {
	t.Parallel()
	unit := report.Source{Path: "/etc/systemd/system/shop.service", Who: []string{"deploy"}}
	b := from(facts.Origin{
		Sources: []report.Source{unit}, Changes: []report.KeyChange{{Key: "User", Now: "web", Gives: "root's rights"}},
		Starting: []report.Source{buildSource},
	})
	for line, want := range map[string]string{
		"nginx -s reload":                              "",
		"systemctl restart shop.service":               "systemd: /srv/shop/app:",
		"systemctl daemon-reload":                      "systemd: /etc/systemd/system/shop.service: User",
		"supervisorctl -c /etc/supervisor update shop": "supervisord: /etc/systemd/system/shop.service: User",
	} {
		got := ""
		if origin := managerOrigin(b, [][]string{strings.Fields(line)}); origin != nil {
			got = origin.Reader + ": " + origin.Sources[0].Path + ":"
			for _, change := range origin.Changes {
				got += " " + change.Key
			}
		}
		if got != want {
			t.Errorf("%s: %q, want %q", line, got, want)
		}
	}
}

func TestOriginInWords(t *testing.T) {
	t.Parallel()
	origin := report.Origin{
		Reader: "docker", Sources: []report.Source{composeSource, {Path: "/srv/shop/.env", Who: []string{"deploy"}}, {Path: "/srv/x", Who: []string{"ada", "linus"}}},
		Changes: []report.KeyChange{privileged, {Key: "environment", Then: "APP_RELEASE"}}, Uncompared: []string{"provider"},
	}
	const want = "deploy may change /srv/shop/compose.yaml, /srv/shop/.env; ada, linus may change /srv/x, until docker has read it. " +
		"Against what runs now it changes: privileged, environment APP_RELEASE. Not compared: provider."
	if got := string(origin.Words()); got != want {
		t.Errorf("%q", got)
	}
	if lines := origin.GivenWords(); len(lines) != 1 || lines[0] != "privileged: true. It gives all of root's rights on this box." {
		t.Errorf("%q", lines)
	}
}

// TestWhatWasNotShownIsTold: Docker reads the files itself, after the last look.
func TestWhatWasNotShownIsTold(t *testing.T) {
	t.Parallel()
	before, after := from(facts.Origin{}), from(facts.Origin{})
	before.Compose.Value.Starts = []docker.ComposeStart{{Name: "web"}}
	made := after.Containers.Value[0]
	made.ID, made.Keys = "two", docker.ContainerKeys{Words: map[string][]string{"privileged": {"true"}}}
	after.Containers.Value[0], after.Target.Container = made, "two"
	if words := exceeding(before, after); !strings.Contains(string(words), "privileged true") {
		t.Errorf("%q", words)
	}
	made.Keys = docker.ContainerKeys{}
	after.Containers.Value[0] = made
	if words := exceeding(before, after); words != "" {
		t.Errorf("as it was shown: %q", words)
	}
}
