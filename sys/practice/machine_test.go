package practice

import (
	"context"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"flasktui/sys"
	"flasktui/sys/docker"
	"flasktui/sys/gunicorn"
	"flasktui/sys/nginx"
	"flasktui/sys/proc"
	"flasktui/sys/systemd"
)

// What the box shows must be readable by the same parsers as a real box.
func TestTheBoxIsReadAsARealOne(t *testing.T) {
	t.Parallel()
	for _, fault := range append(Faults(), Variants()...) {
		t.Run(fault.ID, func(t *testing.T) {
			t.Parallel()
			box := open(t, fault.ID)
			boot, err := proc.ReadBoot(t.Context(), box)
			if err != nil {
				t.Fatal(err)
			}
			listeners, err := proc.ReadListeners(t.Context(), box, 0)
			if err != nil || len(listeners) == 0 {
				t.Fatalf("listeners %v, %v", listeners, err)
			}
			masters := gunicorns(t, box, boot)
			if masters == 0 && fault.ID != "service-failed" {
				t.Error("no Gunicorn runs")
			}
			units, _, err := systemd.ShowUnits(t.Context(), box, boot, "nginx.service", "nothing.service")
			if err != nil || units[0].ActiveState != "active" || units[1].LoadState != "not-found" {
				t.Errorf("units %+v, %v", units, err)
			}
			config, _, err := nginx.Installed().ReadConfig(t.Context(), box)
			if err != nil || (config.Failure != "") != (fault.ID == "nginx-config-invalid") {
				t.Errorf("nginx: %q, %v", config.Failure, err)
			}
		})
	}
}

// gunicorns counts the Gunicorn processes, and checks what is read of each process.
func gunicorns(t *testing.T, box *Box, boot proc.Boot) int {
	t.Helper()
	ids, err := box.Processes(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	count := 0
	for _, id := range ids {
		process, err := proc.ReadProcess(t.Context(), box, boot, id)
		if err != nil {
			t.Errorf("process %d: %v", id, err)
			continue
		}
		if process.Started.After(box.Now()) || process.Started.Before(box.Now().Add(-bootedAgo-time.Second)) {
			t.Errorf("process %d started at %s", id, process.Started)
		}
		if gunicorn.IsGunicorn(process.Argv) {
			count++
		}
	}
	return count
}

func TestUnitsAsLoadedAndAsOnDisk(t *testing.T) {
	t.Parallel()
	box := open(t, "daemon-reload-needed")
	show := func() systemd.Unit {
		boot, err := proc.ReadBoot(t.Context(), box)
		if err != nil {
			t.Fatal(err)
		}
		units, _, err := systemd.ShowUnits(t.Context(), box, boot, "billing.service")
		if err != nil {
			t.Fatal(err)
		}
		return units[0]
	}
	before := show()
	if !before.NeedsReload || strings.Contains(before.WorkingDirectory, box.Expected()) {
		t.Fatalf("before: %+v", before)
	}
	do(t, box, "systemctl", "daemon-reload")
	after := show()
	if after.NeedsReload || !strings.Contains(after.WorkingDirectory, box.Expected()) || after.MainPID != before.MainPID {
		t.Fatalf("after: %+v", after)
	}
	if len(after.ExecStart) != 1 || after.ExecStart[0][0] != "/srv/billing/venv/bin/gunicorn" {
		t.Fatalf("ExecStart %q", after.ExecStart)
	}
}

func TestContainersAreInspected(t *testing.T) {
	t.Parallel()
	box := open(t, "container-stale")
	containers, err := docker.ListContainers(t.Context(), box)
	if err != nil || len(containers) != 1 {
		t.Fatalf("%v, %v", containers, err)
	}
	one := containers[0]
	if one.Project != "atelier" || one.Service != "web" || one.PID == 0 || one.ConfigHash == "" || len(one.Ports) != 1 {
		t.Fatalf("%+v", one)
	}
	if hash := read(t, box, "docker", "compose", "-f", one.ConfigFiles[0], "config", "--hash", "web"); strings.TrimSpace(hash) != "web "+one.ConfigHash {
		t.Fatalf("hash %q, label %q", hash, one.ConfigHash)
	}
	images, err := docker.InspectImages(t.Context(), box, docker.Daemon{}, one.ImageName, "nothing")
	if err != nil || images[one.ImageName].ID != one.ImageID {
		t.Fatalf("%+v, %v", images, err)
	}
	if _, err := docker.ListContainers(t.Context(), open(t, "healthy")); err == nil {
		t.Fatal("Docker is on a box that has none")
	}
}

func TestCachesTellOfThemselves(t *testing.T) {
	t.Parallel()
	box := open(t, "cache-serves-old")
	_, header, old := get(t, box, "", "", box.Asked().URL+"/version")
	if header.Get("X-Cache-Status") != "HIT" {
		t.Fatalf("%v", header)
	}
	_, header, busted := get(t, box, "", "", box.Asked().URL+"/version?v=1")
	if header.Get("X-Cache-Status") != "MISS" || busted == old {
		t.Fatalf("%v %s", header, busted)
	}
	_, _, direct := get(t, box, "tcp", "127.0.0.1:8700", "http://gazette.example/version")
	if direct != busted {
		t.Fatalf("the app says %s, Nginx past its cache %s", direct, busted)
	}
}

// A journal that is followed goes on until its context ends, and tells of a restart.
func TestJournalIsFollowed(t *testing.T) {
	t.Parallel()
	box := open(t, "service-not-restarted")
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	lines := make(chan string, 100)
	ended := make(chan sys.Output)
	go func() {
		command := systemd.Manager{}.JournalCommand("library-web.service", 1, true)
		command.Line = func(line sys.Text) { lines <- string(line) }
		ended <- box.Run(ctx, command)
	}()
	<-lines
	do(t, box, "systemctl", "restart", "library-web.service")
	for line := range lines {
		if strings.Contains(line, "Started library-web.service") {
			break
		}
	}
	cancel()
	if output := <-ended; output.Err == nil {
		t.Fatal("it ended by itself")
	}
}

// Connections that are opened and dropped leave nothing behind. Not parallel: it counts.
func TestConnectionsLeaveNothingBehind(t *testing.T) {
	box := open(t, "healthy")
	before := runtime.NumGoroutine()
	for range 50 {
		connection, err := box.Dial(t.Context(), "unix", "/run/shop/gunicorn.sock")
		if err != nil {
			t.Fatal(err)
		}
		if err := connection.Close(); err != nil {
			t.Fatal(err)
		}
		if status, _, _ := get(t, box, "", "", "http://shop.example/"); status != http.StatusOK {
			t.Fatal(status)
		}
	}
	deadline := time.Now().Add(time.Minute)
	for runtime.NumGoroutine() > before && time.Now().Before(deadline) {
		time.Sleep(10 * time.Millisecond)
	}
	if after := runtime.NumGoroutine(); after > before {
		t.Fatalf("%d goroutines before, %d after", before, after)
	}
}

func TestRefusalsAreThoseOfARealBox(t *testing.T) {
	t.Parallel()
	box := open(t, "nginx-config-invalid")
	for _, refused := range []string{"nginx -t", "nginx -s reload", "systemctl reload nginx", "systemctl restart nothing", "systemctl reload ssh.socket", "kill 99999", "frobnicate"} {
		if output := box.Run(t.Context(), sys.Command{Argv: command(refused), Changes: true}); output.Err == nil || output.Exit == 0 {
			t.Errorf("%s: exit %d, %v", refused, output.Exit, output.Err)
		}
	}
	if _, err := box.Dial(t.Context(), "tcp", "127.0.0.1:1"); err == nil {
		t.Error("something listens on port 1")
	}
	if _, err := box.Dial(t.Context(), "tcp", "nowhere.example:80"); err == nil {
		t.Error("nowhere.example has an address")
	}
}
