package fleet

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"flasktui/steps/report"
	"flasktui/sys"
	"flasktui/ui/render"
)

// Asked is what the person wants to know of the hosts.
type Asked struct {
	// Hosts are those of which there has to be a report.
	Hosts []string
	// Expect is the release that ought to be live, by the beginning of one of its names; empty
	// for whichever it is.
	Expect string
	Now    time.Time
}

// Compare sets documents side by side. Of several reports of one service of one host the newest
// counts.
func Compare(documents []Document, asked Asked) report.Fleet {
	documents = Newest(documents)
	fleet := report.Fleet{Schema: report.FleetSchema, GeneratedAt: report.Time{Time: asked.Now}, Hosts: []report.FleetHost{}, Cures: []report.FleetCure{}}
	for _, document := range documents {
		fleet.Hosts = append(fleet.Hosts, row(document, asked))
	}
	apart(fleet.Hosts)
	for _, host := range asked.Hosts {
		if !slices.ContainsFunc(documents, func(one Document) bool { return named(one, host) }) {
			fleet.Hosts = append(fleet.Hosts, report.FleetHost{Host: sys.Safe(host), Error: "there is no report of it"})
		}
	}
	agree, known := agree(documents)
	fleet.Agree = agree
	fleet.Cures = cures(documents, fleet.Hosts)
	fleet.Exit = exit(fleet, known)
	fleet.Summary = summary(fleet, asked.Expect)
	return fleet
}

// Newest leaves of each host and service the last report, in the place of the first: the rows of
// the table, in their order.
func Newest(documents []Document) []Document {
	var kept []Document
	for _, document := range documents {
		at := slices.IndexFunc(kept, func(other Document) bool {
			return document.Problem == "" && other.Problem == "" && document.Report.Target.Service == other.Report.Target.Service &&
				document.Report.Host.Hostname == other.Report.Host.Hostname && document.Report.Host.ID == other.Report.Host.ID
		})
		switch {
		case at < 0:
			kept = append(kept, document)
		case document.Report.GeneratedAt.After(kept[at].Report.GeneratedAt.Time):
			kept[at] = document
		}
	}
	return kept
}

// named tells whether a document is of the host that a person calls so: by its whole name, or up
// to the first dot, or by the file that it was kept in, as an inventory has names of its own.
func named(document Document, host string) bool {
	own := string(document.Report.Host.Hostname)
	short, _, _ := strings.Cut(own, ".")
	asked, _, dotted := strings.Cut(host, ".")
	return strings.EqualFold(own, host) || strings.EqualFold(document.From, host) || !dotted && strings.EqualFold(short, asked)
}

func row(document Document, asked Asked) report.FleetHost {
	looked := document.Report
	host := report.FleetHost{Host: cmp.Or(looked.Host.Hostname, sys.Safe(document.From)), ID: looked.Host.ID, Error: document.Problem}
	if document.Problem != "" {
		return host
	}
	host.Service, host.Verdict, host.Summary, host.GeneratedAt = looked.Target.Service, looked.Verdict, looked.Summary, looked.GeneratedAt
	host.OnDisk, host.Loaded, host.Served = looked.Releases.OnDisk.ID, looked.Releases.Loaded.ID, looked.Releases.Served.ID
	host.AgeMS = max(0, asked.Now.Sub(looked.GeneratedAt.Time).Milliseconds())
	if asked.Expect != "" {
		is := isRelease(looked.Releases.Loaded, asked.Expect) || looked.Verdict == report.Fresh && isRelease(looked.Releases.OnDisk, asked.Expect)
		host.Expected = &is
	}
	if len(looked.Causes) > 0 {
		cause := looked.Causes[0]
		host.Cause, host.Confidence = cause.ID, cause.Confidence
		for _, id := range cause.Fixes {
			// As `fix` does, it undoes nothing unasked that may well be meant.
			if !cause.Decides() {
				break
			}
			if plan, found := render.Plan(looked, id); found && plan.Blocked == "" {
				host.Fix = id
				break
			}
		}
	}
	return host
}

// isRelease compares by prefix, as --expect of a check does.
func isRelease(release report.ReleaseSummary, expect string) bool {
	return slices.ContainsFunc([]sys.Text{release.Commit, release.Directory, release.Marker, release.ID}, func(name sys.Text) bool {
		return name != "" && strings.HasPrefix(string(name), expect)
	})
}

// apart gives hosts of one name, which are two by their ids, names that differ.
func apart(hosts []report.FleetHost) {
	ids := map[sys.Text]sys.Text{}
	twice := map[sys.Text]bool{}
	for _, host := range hosts {
		if other, seen := ids[host.Host]; seen && other != host.ID {
			twice[host.Host] = true
		}
		ids[host.Host] = host.ID
	}
	for i, host := range hosts {
		if twice[host.Host] && len(host.ID) >= 6 {
			hosts[i].Host = sys.Textf("%s (%s)", host.Host, host.ID[:6])
		}
	}
}

// agree tells whether all hosts are proved to run one release, and whether that is known: by its
// commit, else by the name that it gives itself, else by its directory's. Two that differ disagree,
// whatever the others run; where no kind of name is known of all, nothing shows that they agree.
func agree(documents []Document) (agree, known bool) {
	kinds := []func(report.ReleaseSummary) sys.Text{
		func(release report.ReleaseSummary) sys.Text { return release.Commit },
		func(release report.ReleaseSummary) sys.Text { return release.Marker },
		func(release report.ReleaseSummary) sys.Text { return release.Directory },
	}
	for _, kind := range kinds {
		var name sys.Text
		all := len(documents) > 0
		for _, document := range documents {
			releases := document.Report.Releases
			own := kind(releases.Loaded)
			if document.Report.Verdict == report.Fresh {
				own = cmp.Or(own, kind(releases.OnDisk), kind(releases.Served.ReleaseSummary))
			}
			switch {
			case own == "":
				all = false
			case strings.HasPrefix(string(name), string(own)):
			case name == "" || strings.HasPrefix(string(own), string(name)):
				name = own
			default:
				return false, true
			}
		}
		if all {
			return true, true
		}
	}
	return len(documents) == 1 && documents[0].Problem == "", len(documents) == 1
}

func cures(documents []Document, hosts []report.FleetHost) []report.FleetCure {
	found := []report.FleetCure{}
	for i, host := range hosts {
		if host.Fix == "" {
			continue
		}
		plan, _ := render.Plan(documents[i].Report, host.Fix)
		commands := []sys.Text{}
		for _, argv := range plan.Commands {
			commands = append(commands, sys.Text(sys.CommandLine(argv)))
		}
		at := slices.IndexFunc(found, func(cure report.FleetCure) bool { return cure.Fix == host.Fix && cure.Digest == plan.Digest })
		if at < 0 {
			found = append(found, report.FleetCure{Fix: host.Fix, Digest: plan.Digest, Hosts: []sys.Text{host.Host}, Commands: commands})
			continue
		}
		found[at].Hosts = append(found[at].Hosts, host.Host)
		if !slices.Equal(found[at].Commands, commands) {
			found[at].Commands = []sys.Text{}
		}
	}
	slices.SortStableFunc(found, func(one, other report.FleetCure) int { return cmp.Compare(len(other.Hosts), len(one.Hosts)) })
	return found
}

// exit is the status of the contract: what is wrong counts before what is not known.
func exit(fleet report.Fleet, known bool) int {
	status := 0
	for _, host := range fleet.Hosts {
		switch host.Verdict {
		case report.Stale, report.Mixed, report.Down:
			return 1
		case report.Inconclusive:
			status = 2
		case report.Fresh:
			if host.Expected != nil && !*host.Expected {
				return 1
			}
		default:
			status = 2
		}
	}
	switch {
	case len(fleet.Hosts) == 0:
		return 2
	case !fleet.Agree && known:
		return 1
	case !fleet.Agree:
		return 2
	}
	return status
}

// summary says in a sentence how many hosts are as they should be.
func summary(fleet report.Fleet, expect string) sys.Text {
	live, seen := 0, 0
	for _, host := range fleet.Hosts {
		if host.Verdict != "" {
			seen++
		}
		if host.Verdict == report.Fresh && (host.Expected == nil || *host.Expected) {
			live++
		}
	}
	all := len(fleet.Hosts)
	what := "the release that is on its disk"
	if all > 1 {
		what = "the release that is on their disk"
	}
	if expect != "" {
		what = string(sys.Safe(expect))
	}
	var text sys.Text
	switch {
	case all == 0:
		return "There is no report."
	case live == all:
		text = sys.Textf("All %d boxes serve %s.", all, what)
		if all == 1 {
			text = sys.Textf("The one box serves %s.", what)
		}
	case all == 1:
		text = sys.Textf("The one box is not seen to serve %s.", what)
	default:
		text = sys.Textf("%d of %d boxes are not seen to serve %s.", all-live, all, what)
	}
	if seen < all {
		text += sys.Textf(" Of %d there is no report.", all-seen)
	}
	if live == all && !fleet.Agree {
		text += " They are not seen to agree which release that is."
	}
	return text
}
