package practice

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"flasktui/sys"
)

// noon is the wall clock of the tests; it stands still, so that all that moves is the
// box's own time.
func noon() time.Time { return time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC) }

func open(t *testing.T, fault string) *Box {
	t.Helper()
	box, err := New(fault, noon)
	if err != nil {
		t.Fatal(err)
	}
	return box
}

// do runs a changing command that has to end well.
func do(t *testing.T, box *Box, argv ...string) {
	t.Helper()
	output := box.Run(t.Context(), sys.Command{Argv: argv, Changes: true})
	if output.Err != nil {
		t.Fatalf("%v: %v\n%s%s", argv, output.Err, output.Stdout, output.Stderr)
	}
}

// read runs a command that changes nothing, and returns what it printed.
func read(t *testing.T, box *Box, argv ...string) string {
	t.Helper()
	output := box.Run(t.Context(), sys.Command{Argv: argv})
	if output.Err != nil {
		t.Fatalf("%v: %v\n%s%s", argv, output.Err, output.Stdout, output.Stderr)
	}
	return string(output.Stdout)
}

// get asks the box over its network.
func get(t *testing.T, box *Box, network, address, url string) (int, http.Header, string) {
	t.Helper()
	client := &http.Client{Transport: &http.Transport{
		DisableKeepAlives: true, DisableCompression: true,
		DialContext: func(ctx context.Context, given, target string) (net.Conn, error) {
			if address != "" {
				return box.Dial(ctx, network, address)
			}
			return box.Dial(ctx, given, target)
		},
	}}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	response, err := client.Do(request)
	if err != nil {
		return 0, nil, err.Error()
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, response.Header, string(body)
}

// answers asks which release is served, often enough to meet every worker.
func answers(box *Box) []string {
	var seen []string
	for range 12 {
		if served := box.Served(); !slices.Contains(seen, served) {
			seen = append(seen, served)
		}
	}
	slices.Sort(seen)
	return seen
}

// fresh fails the test unless the new release alone is served.
func fresh(t *testing.T, box *Box) {
	t.Helper()
	if seen := answers(box); len(seen) != 1 || seen[0] != box.Expected() {
		t.Fatalf("served %q, want only %q", seen, box.Expected())
	}
}

// notFresh fails the test if the new release alone is served.
func notFresh(t *testing.T, box *Box) {
	t.Helper()
	if seen := answers(box); len(seen) == 1 && seen[0] == box.Expected() {
		t.Fatalf("served %q already", seen)
	}
}

func TestHealthyServesTheNewRelease(t *testing.T) {
	t.Parallel()
	box := open(t, "healthy")
	fresh(t, box)
	status, _, body := get(t, box, "", "", box.Asked().URL+"/version")
	if status != http.StatusOK || !strings.Contains(body, `"release"`) {
		t.Fatalf("version: %d %s", status, body)
	}
}

func TestServiceNotRestartedIsCuredByARestart(t *testing.T) {
	t.Parallel()
	box := open(t, "service-not-restarted")
	notFresh(t, box)
	do(t, box, "systemctl", "restart", "library-web.service")
	fresh(t, box)
}

// Every box must be one that could exist: parents run, listening sockets are held by
// somebody, links of /proc lead somewhere.
func TestBoxesAreConsistent(t *testing.T) {
	t.Parallel()
	for _, fault := range append(Faults(), Variants()...) {
		t.Run(fault.ID, func(t *testing.T) {
			t.Parallel()
			box := open(t, fault.ID)
			ids, err := box.Processes(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			held := heldSockets(t, box, ids)
			for _, row := range listeningInodes(t, box) {
				if row > 20_000 && !held[fmt.Sprintf("socket:[%d]", row)] {
					t.Errorf("socket %d is held by nobody", row)
				}
			}
			for _, id := range ids {
				parentRuns(t, box, ids, id)
			}
		})
	}
}

func heldSockets(t *testing.T, box *Box, ids []int) map[string]bool {
	t.Helper()
	held := map[string]bool{}
	for _, id := range ids {
		directory := fmt.Sprintf("/proc/%d/fd", id)
		entries, err := box.ReadDir(t.Context(), directory)
		if err != nil {
			t.Fatal(err)
		}
		for _, entry := range entries {
			target, err := box.ReadLink(t.Context(), directory+"/"+entry.Name)
			if err != nil {
				t.Fatal(err)
			}
			held[target] = true
		}
	}
	return held
}

func listeningInodes(t *testing.T, box *Box) []int {
	t.Helper()
	var inodes []int
	for _, table := range []struct {
		path   string
		column int
		listen string
	}{{"/proc/net/unix", 6, " 00010000 "}, {"/proc/net/tcp", 9, " 0A "}, {"/proc/net/tcp6", 9, " 0A "}} {
		raw, err := box.ReadFile(t.Context(), table.path, 1<<20)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(raw)) {
			if !strings.Contains(line, table.listen) {
				continue
			}
			inode, err := strconv.Atoi(strings.Fields(line)[table.column])
			if err != nil {
				t.Fatalf("%s: %q: %v", table.path, line, err)
			}
			inodes = append(inodes, inode)
		}
	}
	return inodes
}

func parentRuns(t *testing.T, box *Box, ids []int, id int) {
	t.Helper()
	raw, err := box.ReadFile(t.Context(), fmt.Sprintf("/proc/%d/stat", id), 4096)
	if err != nil {
		t.Fatal(err)
	}
	text := string(raw)
	fields := strings.Fields(text[strings.LastIndex(text, ")")+2:])
	parent, err := strconv.Atoi(fields[1])
	if err != nil || parent != 0 && !slices.Contains(ids, parent) {
		t.Errorf("process %d has the parent %q", id, fields[1])
	}
}

// Two boxes of one fault are the same to the last inode, so that screens can be compared.
func TestBoxesAreDeterministic(t *testing.T) {
	t.Parallel()
	for _, fault := range append(Faults(), Variants()...) {
		if one, other := portrait(open(t, fault.ID)), portrait(open(t, fault.ID)); one != other {
			t.Errorf("%s: two boxes differ", fault.ID)
		}
	}
}

// portrait is all that can be seen of a box.
func portrait(box *Box) string {
	var text strings.Builder
	box.root.files(func(at string, each *node) {
		fmt.Fprintln(&text, at, each.mode, each.uid, each.inode, each.target, each.modified, each.changed, each.born, string(each.content))
	})
	for _, id := range box.ids() {
		fmt.Fprintln(&text, id, box.processes[id].argv, box.processes[id].started, box.processes[id].cgroup)
	}
	for _, entry := range box.journal.entries {
		fmt.Fprintln(&text, entry)
	}
	return text.String()
}

func TestUnknownFaultsAreRefused(t *testing.T) {
	t.Parallel()
	if _, err := New("nothing", nil); err == nil {
		t.Fatal("a box for no fault")
	}
}

// A symptom is told to whoever is to find the cause, so each box has one, and it does not name it.
func TestEveryBoxHasASymptomOfItsOwn(t *testing.T) {
	t.Parallel()
	told := map[string]string{}
	for _, fault := range append(Faults(), Variants()...) {
		symptom := fault.Symptom()
		if symptom == "" || symptom == fault.Sentence || told[symptom] != "" {
			t.Errorf("%s: %q is also that of %q", fault.ID, symptom, told[symptom])
		}
		told[symptom] = fault.ID
	}
	if len(told) < 40 {
		t.Errorf("%d boxes", len(told))
	}
}
