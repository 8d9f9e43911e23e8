package facts

import (
	"context"
	"errors"
	"path"
	"slices"
	"time"

	"flasktui/sys"
)

// NginxFiles are the files of Nginx's configuration as they lie on disk.
type NginxFiles struct {
	// Changed are those files, the one changed last first, at most five.
	Changed []Change `json:"changed"`
	// TouchedAt is the newest change of an inode without one of content.
	TouchedAt time.Time `json:"touched_at,omitzero"`
	// Copies are regular files in sites-enabled that differ from their namesake in
	// sites-available (G35).
	Copies []string `json:"copies"`
	// Resolved maps a hostname in an upstream or proxy_pass to what it resolves to
	// now.
	Resolved map[string][]string `json:"resolved"`
}

func (look *look) readNginx(ctx context.Context, _ *Facts) func(*Facts) {
	config, output, err := sys.ReadNginxConfig(ctx, look.machine)
	source := "nginx -T"
	if output.Elevated {
		source = "sudo -n nginx -T"
	}
	return func(facts *Facts) {
		switch {
		case errors.Is(err, sys.ErrNoCommand):
			facts.NginxDisk = Missing[sys.NginxConfig]("Nginx is not installed", source)
		case err != nil:
			facts.NginxDisk = Unreadable[sys.NginxConfig](err.Error(), source)
		default:
			facts.NginxDisk = Of(config, source)
		}
	}
}

// readNginxFiles looks at the files that the test named; one that was refused names
// none, so the usual directories are looked at then.
func (look *look) readNginxFiles(ctx context.Context, known *Facts) func(*Facts) {
	if !known.NginxDisk.Known {
		problem := known.NginxDisk
		return func(facts *Facts) {
			facts.NginxFiles = Fact[NginxFiles]{Absent: problem.Absent, Problem: problem.Problem, Source: problem.Source}
		}
	}
	files := known.NginxDisk.Value.Files
	if len(files) == 0 {
		files = look.usualNginxFiles(ctx)
	}
	var seen NginxFiles
	seen.Resolved = map[string][]string{}
	for _, name := range files {
		resolved, err := sys.Resolve(ctx, look.machine, name)
		if err != nil {
			continue
		}
		info, err := look.machine.Stat(ctx, resolved)
		if err != nil {
			continue
		}
		change := Change{Path: name, At: ContentTime(info), Size: info.Size, SourceTime: info.Modified}
		// The link itself may have been made, or moved, after its target.
		if link, err := look.machine.Stat(ctx, name); err == nil && link.IsLink() && ContentTime(link).After(change.At) {
			change.At = ContentTime(link)
		}
		seen.Changed = append(seen.Changed, change)
		if info.Changed.After(seen.TouchedAt) {
			seen.TouchedAt = info.Changed
		}
		look.compareTwin(ctx, name, &seen)
	}
	slices.SortStableFunc(seen.Changed, func(a, b Change) int { return b.At.Compare(a.At) })
	seen.Changed = seen.Changed[:min(len(seen.Changed), 5)]
	return func(facts *Facts) { facts.NginxFiles = Of(seen, "the files that nginx -T names") }
}

func (look *look) usualNginxFiles(ctx context.Context) []string {
	files := []string{"/etc/nginx/nginx.conf"}
	for _, directory := range []string{"/etc/nginx/conf.d", "/etc/nginx/sites-enabled"} {
		entries, err := look.machine.ReadDir(ctx, directory)
		if err != nil {
			continue
		}
		for _, entry := range entries {
			files = append(files, path.Join(directory, entry.Name))
		}
	}
	return files
}

// compareTwin notes a file in sites-enabled that is a copy and differs from its namesake.
func (look *look) compareTwin(ctx context.Context, name string, seen *NginxFiles) {
	directory, base := path.Split(name)
	if path.Base(directory) != "sites-enabled" {
		return
	}
	info, err := look.machine.Stat(ctx, name)
	if err != nil || info.IsLink() {
		return
	}
	enabled, err := look.machine.ReadFile(ctx, name, 1<<20)
	if err != nil {
		return
	}
	available, err := look.machine.ReadFile(ctx, path.Join(path.Dir(path.Clean(directory)), "sites-available", base), 1<<20)
	if err == nil && string(available) != string(enabled) {
		seen.Copies = append(seen.Copies, name)
	}
}

// NginxWorkers are the workers that take new requests.
func (facts *Facts) NginxWorkers() []NginxProcess {
	var workers []NginxProcess
	for _, process := range facts.Processes.Value.Nginx {
		if process.Role == "worker" && !process.ShuttingDown && process.Cgroup.Container == "" {
			workers = append(workers, process)
		}
	}
	return workers
}

// NginxLoadedAt is when the running configuration was read: the start of the newest
// worker; the zero time where no worker runs. A worker that crashed and was started again
// is younger than the configuration, so the oldest worker is the safer witness.
func (facts *Facts) NginxLoadedAt() time.Time {
	var at time.Time
	for _, worker := range facts.NginxWorkers() {
		if at.IsZero() || worker.Started.Before(at) {
			at = worker.Started
		}
	}
	return at
}
