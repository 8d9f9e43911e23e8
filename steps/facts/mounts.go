package facts

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"flasktui/sys"
	"flasktui/sys/docker"
)

// Inside is the file system of the examined container as the box sees it.
type Inside struct {
	// Root is /proc/PID/root of the container's first process.
	Root   string       `json:"root"`
	Mounts []MountState `json:"mounts"`
}

// MountState is one mount of the container, compared with what its source is now.
type MountState struct {
	docker.Mount
	// IsFile says that a single file is mounted, by its inode (G46).
	IsFile bool `json:"is_file,omitempty"`
	// Resolved is where the source leads now.
	Resolved string `json:"resolved,omitempty"`
	// Missing says that the source is gone.
	Missing bool `json:"missing,omitempty"`
	// Differs says that the container holds another file or directory than the one
	// that now has the source's name.
	Differs bool `json:"differs,omitempty"`
	// Same says that the other file, or directory, has the same content all the same.
	Same bool `json:"same,omitempty"`
	// Problem is why the two could not be compared.
	Problem sys.Text `json:"problem,omitempty"`
}

// Anonymous tells a volume that Docker named itself: it is carried over to the next
// container of the service (G45).
func (mount MountState) Anonymous() bool {
	const idLength = 64
	return mount.Type == "volume" && len(mount.Name) == idLength && strings.Trim(mount.Name, "0123456789abcdef") == ""
}

// GroupInside is the container's files, as the box has them.
func GroupInside() Group {
	return Group{
		name: "inside", words: "the container's files",
		needs:  []func() Group{GroupTarget},
		read:   (*look).readMounts,
		fields: []field{fieldOf("/proc/PID/root", func(facts *Facts) *Fact[Inside] { return &facts.Inside })},
	}
}

// readMounts compares, for every mount, what the container holds with what is on disk.
func (look *look) readMounts(ctx context.Context, known *Facts) func(*Facts) {
	const source = "/proc/PID/root"
	container, ok := known.TargetContainer()
	switch {
	case !ok:
		return func(facts *Facts) { facts.Inside = Missing[Inside]("the service is not a container", source) }
	case container.PID == 0:
		return func(facts *Facts) { facts.Inside = Missing[Inside]("the container does not run", source) }
	}
	inside, err := look.insideOf(ctx, container)
	if err != nil {
		return func(facts *Facts) { facts.Inside = unreadableFor[Inside](err, inside.Root) }
	}
	return func(facts *Facts) { facts.Inside = Of(inside, inside.Root) }
}

// insideOf looks into a container that runs.
func (look *look) insideOf(ctx context.Context, container docker.Container) (Inside, error) {
	inside := Inside{Root: path.Join("/proc", strconv.Itoa(container.PID), "root"), Mounts: []MountState{}}
	if _, err := look.machine.ReadDir(ctx, inside.Root+"/"); err != nil {
		return inside, err
	}
	for _, mount := range container.Mounts {
		inside.Mounts = append(inside.Mounts, look.compareMount(ctx, inside.Root, mount))
	}
	return inside, nil
}

func (look *look) compareMount(ctx context.Context, root string, mount docker.Mount) MountState {
	state := MountState{Mount: mount}
	if mount.Type != "bind" {
		return state
	}
	held, err := look.machine.Stat(ctx, root+mount.Destination)
	if err != nil {
		state.Problem = problemOf(err)
		return state
	}
	state.IsFile = held.Mode.IsRegular()
	state.Resolved, err = look.machine.Resolve(ctx, mount.Source)
	var now sys.FileInfo
	if err == nil {
		now, err = look.machine.Stat(ctx, state.Resolved)
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		state.Missing, state.Differs = true, true
	case err != nil:
		state.Problem = problemOf(err)
	default:
		state.Differs = now.Device != held.Device || now.Inode != held.Inode
	}
	switch {
	case !state.Differs || state.Missing:
	case held.IsDir() && now.IsDir():
		state.Same = look.holdsTheSame(ctx, root+mount.Destination, state.Resolved, time.Time{})
	case state.IsFile:
		own, ownErr := look.machine.ReadFile(ctx, state.Resolved, sourceFileLimit)
		other, otherErr := look.machine.ReadFile(ctx, root+mount.Destination, sourceFileLimit)
		state.Same = ownErr == nil && otherErr == nil && bytes.Equal(own, other)
	}
	return state
}

// readResolved reads a file through links inside the root that its path is in.
func (look *look) readResolved(ctx context.Context, name string, limit int64) ([]byte, error) {
	resolved, err := look.machine.Resolve(ctx, name)
	if err != nil {
		return nil, err
	}
	return look.machine.ReadFile(ctx, resolved, limit)
}

// MountOver is the mount that a path of the container lies in; ok is false where it lies
// in the image.
func (inside Inside) MountOver(name string) (mount MountState, ok bool) {
	for _, one := range inside.Mounts {
		if sys.Within(one.Destination, name) && len(one.Destination) > len(mount.Destination) {
			mount, ok = one, true
		}
	}
	return mount, ok
}

// OnBox is the path at which the box has what the container's processes see at name: that
// of the mounted file or directory where it is still the same, else one below
// /proc/PID/root.
func (inside Inside) OnBox(name string) string {
	if inside.Root == "" || name == "" {
		return name
	}
	if mount, ok := inside.MountOver(name); ok && mount.Type == "bind" && !mount.Differs && mount.Problem == "" {
		return path.Join(mount.Source, strings.TrimPrefix(name, mount.Destination))
	}
	return inside.Root + path.Clean("/"+name)
}

// fromBox are the names that the container's processes have for a path of the box: the
// reverse of OnBox, as links inside may lead there by several.
func (inside Inside) fromBox(name string) []string {
	var names []string
	if rest, below := strings.CutPrefix(name, inside.Root+"/"); below {
		names = append(names, "/"+rest)
	}
	for _, mount := range inside.Mounts {
		if mount.Type != "bind" {
			continue
		}
		for _, source := range []string{mount.Source, mount.Resolved} {
			if source != "" && sys.Within(source, name) {
				names = append(names, path.Join(mount.Destination, strings.TrimPrefix(name, source)))
			}
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// MountOver is the mount of the examined container that a path of it lies in.
func (facts *Facts) MountOver(name string) (mount MountState, ok bool) {
	return facts.Inside.Value.MountOver(name)
}

// OnBox is where the box has a path of the examined container.
func (facts *Facts) OnBox(name string) string { return facts.Inside.Value.OnBox(name) }

// VolumeContent is a named volume that hides files of the image (G44, G61), and whether there
// is more in it than the image brings.
type VolumeContent struct {
	Name string `json:"name"`
	// Destination is where the container has it.
	Destination string `json:"destination"`
	Files       int    `json:"files"`
	// Kept is what would be lost with it: a file that the image does not bring, or one that
	// was written since Docker filled the volume; empty where all of it was looked at and
	// there is none.
	Kept sys.Text `json:"kept,omitempty"`
}

const (
	// volumeFiles bounds how many files of a volume are looked at.
	volumeFiles = 5000
	// fillTime is how long Docker may take to fill a new volume from an image.
	fillTime = time.Minute
)

// readVolumes looks into the named volumes that hide what the build copies.
func (c *sourceComparison) readVolumes(ctx context.Context) []VolumeContent {
	var volumes []VolumeContent
	for _, mount := range c.known.Inside.Value.Mounts {
		hides := false
		for _, difference := range c.found.Differences {
			hides = hides || difference.Volume == mount.Name && sys.Within(mount.Destination, difference.Inside)
		}
		if mount.Type != "volume" || mount.Anonymous() || !hides {
			continue
		}
		content := VolumeContent{Name: mount.Name, Destination: mount.Destination}
		root, err := c.look.machine.Stat(ctx, c.known.Inside.Value.Root+mount.Destination)
		if err != nil || root.Born.IsZero() {
			content.Kept = "when the volume was made could not be read, so what was written since is not known"
		} else {
			c.volume(ctx, &content, mount.Destination, root.Born.Add(fillTime), 0)
		}
		volumes = append(volumes, content)
	}
	return volumes
}

// volume walks one directory of a volume, until it finds something that would be lost. filled
// is when Docker had filled it at the latest.
func (c *sourceComparison) volume(ctx context.Context, content *VolumeContent, directory string, filled time.Time, depth int) {
	entries, err := c.look.machine.ReadDir(ctx, c.known.Inside.Value.Root+directory)
	if err != nil || depth > 30 {
		content.Kept = sys.Textf("%s of the volume could not be read", directory)
		return
	}
	for _, entry := range entries {
		inside := path.Join(directory, entry.Name)
		info, err := c.look.machine.Stat(ctx, c.known.Inside.Value.Root+inside)
		switch {
		case content.Kept != "":
			return
		case err != nil || ctx.Err() != nil || content.Files > volumeFiles:
			content.Kept = "not all of the volume could be looked at"
		case info.IsDir():
			c.volume(ctx, content, inside, filled, depth+1)
		case !info.Mode.IsRegular():
			content.Kept = sys.Textf("%s is no regular file", inside)
		case info.Changed.After(filled):
			content.Kept = sys.Textf("%s was written after Docker had filled the volume", inside)
		default:
			content.Files++
			source, ok := c.known.SourceOf(inside)
			if _, err := c.look.machine.Stat(ctx, source); !ok || err != nil {
				content.Kept = sys.Textf("%s is in the volume, and the build brings no file of that name", inside)
			}
		}
	}
}
