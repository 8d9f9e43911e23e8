package facts

import (
	"bytes"
	"context"
	"path"
	"slices"
	"strings"
	"time"

	"flasktui/sys"
)

// NginxFiles are the files of Nginx's configuration as they lie on disk.
type NginxFiles struct {
	// Changed are those files, the one changed last first.
	Changed []Change `json:"changed"`
	// TouchedAt is the newest change of an inode without one of content.
	TouchedAt time.Time `json:"touched_at,omitzero"`
	// Copies are regular files in sites-enabled that differ from their namesake in
	// sites-available (G35).
	Copies []string `json:"copies"`
}

// mostChanged is how many of Nginx's files are remembered, the last changed first.
const mostChanged = 50

// GroupNginxFiles is when Nginx's files were written.
func GroupNginxFiles() Group {
	return Group{
		name: "nginx-files", words: "Nginx's files",
		needs:     []func() Group{GroupFront, GroupDeployment},
		elsewhere: true,
		read:      (*look).readNginxFiles,
		fields:    []field{fieldOf("", func(facts *Facts) *Fact[NginxFiles] { return &facts.NginxFiles })},
	}
}

// readNginxFiles looks at the files that the test named; one that was refused names
// none, so the usual directories are looked at then.
func (look *look) readNginxFiles(ctx context.Context, known *Facts) func(*Facts) {
	config := known.SiteNginx()
	if !config.Known {
		return func(facts *Facts) { facts.NginxFiles = restsOn[NginxFiles](config, config.Source) }
	}
	files := config.Value.Files
	if len(files) == 0 {
		files = look.usualNginxFiles(ctx)
	}
	var seen NginxFiles
	for _, name := range files {
		link, info, err := look.ends(ctx, name)
		if err != nil {
			continue
		}
		change := Change{Path: name, At: ContentTime(info), Size: info.Size, SourceTime: info.Modified}
		// The link itself may have been made, or moved, after its target.
		if link.IsLink() && ContentTime(link).After(change.At) {
			change.At = ContentTime(link)
		}
		if before, same := look.sameInEarlierRelease(ctx, known, name, change.At); same {
			change.At = before
		}
		seen.Changed = append(seen.Changed, change)
		if info.Changed.After(seen.TouchedAt) {
			seen.TouchedAt = info.Changed
		}
		if !link.IsLink() {
			look.compareTwin(ctx, name, &seen)
		}
	}
	slices.SortStableFunc(seen.Changed, func(a, b Change) int { return b.At.Compare(a.At) })
	seen.Changed = seen.Changed[:min(len(seen.Changed), mostChanged)]
	return func(facts *Facts) { facts.NginxFiles = Of(seen, "the files that nginx -T names") }
}

// ends are what lies at a path, and what it leads to where that is a link.
func (look *look) ends(ctx context.Context, name string) (link, target sys.FileInfo, err error) {
	if link, err = look.machine.Stat(ctx, name); err != nil || !link.IsLink() {
		return link, link, err
	}
	resolved, err := look.machine.Resolve(ctx, name)
	if err == nil {
		target, err = look.machine.Stat(ctx, resolved)
	}
	return link, target, err
}

// sameInEarlierRelease tells whether a file of the configuration lies in the active release
// and came there after Nginx read its configuration, while the release before it, which
// was there then, has the very same: what the running Nginx read says what the disk says.
// since is when that one was written.
func (look *look) sameInEarlierRelease(ctx context.Context, known *Facts, name string, at time.Time) (since time.Time, same bool) {
	loaded, deployment := known.NginxLoadedAt(), known.Deployment.Value
	if loaded.IsZero() || !at.After(loaded) || deployment.Active == "" {
		return since, false
	}
	resolved, err := look.machine.Resolve(ctx, name)
	if err != nil {
		return since, false
	}
	inside, below := strings.CutPrefix(resolved, strings.TrimSuffix(deployment.Active, "/")+"/")
	if !below {
		return since, false
	}
	for _, release := range slices.Backward(deployment.Releases) {
		if release.Path == deployment.Active || release.MadeAt().After(loaded) {
			continue
		}
		older := path.Join(release.Path, inside)
		info, err := look.machine.Stat(ctx, older)
		if err != nil || ContentTime(info).After(loaded) {
			return since, false
		}
		one, oneErr := look.machine.ReadFile(ctx, resolved, 1<<20)
		other, otherErr := look.machine.ReadFile(ctx, older, 1<<20)
		return ContentTime(info), oneErr == nil && otherErr == nil && bytes.Equal(one, other)
	}
	return since, false
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
	enabled, err := look.machine.ReadFile(ctx, name, 1<<20)
	if err != nil {
		return
	}
	available, err := look.machine.ReadFile(ctx, path.Join(path.Dir(path.Clean(directory)), "sites-available", base), 1<<20)
	if err == nil && !bytes.Equal(available, enabled) {
		seen.Copies = append(seen.Copies, name)
	}
}
