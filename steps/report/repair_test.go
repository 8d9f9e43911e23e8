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
		return plan.Named("service-not-restarted", HostSummary{Hostname: "web1"}).Digest
	}
	first := on("web1", "812", 812)
	plan := Plan{ID: "hup", Commands: [][]string{{"kill", "-HUP", "4077"}}, Details: []CommandDetail{{
		Directory: "/srv/web2", Process: &proc.ProcessID{PID: 4077},
	}}}
	if same := plan.Named("service-not-restarted", HostSummary{Hostname: "web2"}).Digest; same != first {
		t.Error("the same plan of another box has another digest")
	}
	if len(first) != 64 {
		t.Errorf("digest %q", first)
	}
	if none := (Plan{ID: "hup", Blocked: "the master is gone"}).Named("service-not-restarted", HostSummary{}); none.Digest != "" {
		t.Errorf("nothing to run has the digest %q", none.Digest)
	}
	// The number of a process counts only where the plan says that it is one.
	for what, other := range map[string]string{
		"another number":  on("web1", "813", 812),
		"another path":    on("web11", "812", 812),
		"another cause":   plan.Named("mixed-workers", HostSummary{Hostname: "web2"}).Digest,
		"nameless host":   plan.Named("service-not-restarted", HostSummary{}).Digest,
		"another fix":     Plan{ID: "restart", Commands: plan.Commands, Details: plan.Details}.Named("service-not-restarted", HostSummary{Hostname: "web2"}).Digest,
		"files of others": Plan{ID: plan.ID, Commands: plan.Commands, Details: plan.Details, Origin: &Origin{}}.Named("service-not-restarted", HostSummary{Hostname: "web2"}).Digest,
	} {
		if other == first {
			t.Errorf("%s: the digest is the same", what)
		}
	}
}
