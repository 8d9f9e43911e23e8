package facts

import (
	"context"
	"path"
	"time"

	"flasktui/sys"
)

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
