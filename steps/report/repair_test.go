package report

import (
	"testing"

	"flasktui/sys/proc"
)

func TestADigestNamesThePlanAndNotTheBox(t *testing.T) {
	t.Parallel()
	on := func(host, argument string, pid int) string {
		plan := Plan{ID: "hup", Commands: [][]string{{"kill", "-HUP", argument}}, Details: []CommandDetail{{
			Directory: "/srv/" + host, Process: &proc.ProcessID{PID: pid, StartTicks: uint64(pid)},
		}}}
		return plan.Digest("service-not-restarted", HostSummary{Hostname: "web1"})
	}
	first := on("web1", "812", 812)
	plan := Plan{ID: "hup", Commands: [][]string{{"kill", "-HUP", "4077"}}, Details: []CommandDetail{{
		Directory: "/srv/web2", Process: &proc.ProcessID{PID: 4077},
	}}}
	if same := plan.Digest("service-not-restarted", HostSummary{Hostname: "web2"}); same != first {
		t.Error("the same plan of another box has another digest")
	}
	if len(first) != 64 {
		t.Errorf("digest %q", first)
	}
	// The number of a process counts only where the plan says that it is one.
	for what, other := range map[string]string{
		"another number":  on("web1", "813", 812),
		"another path":    on("web11", "812", 812),
		"another cause":   plan.Digest("mixed-workers", HostSummary{Hostname: "web2"}),
		"nameless host":   plan.Digest("service-not-restarted", HostSummary{}),
		"another fix":     Plan{ID: "restart", Commands: plan.Commands, Details: plan.Details}.Digest("service-not-restarted", HostSummary{Hostname: "web2"}),
		"files of others": Plan{ID: plan.ID, Commands: plan.Commands, Details: plan.Details, Origin: &Origin{}}.Digest("service-not-restarted", HostSummary{Hostname: "web2"}),
	} {
		if other == first {
			t.Errorf("%s: the digest is the same", what)
		}
	}
}
