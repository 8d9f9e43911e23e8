package box

import (
	"flasktui/sys"
)

// DirectoryUnread is why it is not known which directory a reload would load the code
// from; empty where it is.
func (b *Box) DirectoryUnread() sys.Text {
	if reason := b.Server.Master.Unreadable["directory"]; reason != "" {
		return sys.Textf("the directory of process %d, from which a reload loads the code, could not be read: %s", b.Server.Master.PID, reason)
	}
	return ""
}

// HeldByContainer tells whether the container keeps its processes from the code on disk.
func (b *Box) HeldByContainer() bool { return len(b.Loaders) > 0 && b.Loaders[0].Frozen }

// ReloadRefusal is why a HUP must not be sent, in a sentence; empty where it may.
func (b *Box) ReloadRefusal() sys.Text {
	master, deployment := b.Server.Master, b.Deployment.Value
	switch {
	case b.NoReload() != "":
		return b.NoReload() + "."
	case master.DirectoryDeleted:
		return sys.Textf("the master runs in a directory that no longer exists (%s), and a HUP would kill it.", master.ShownDirectory())
	case b.PreloadKnown && b.Preload && b.Server.IsGunicorn():
		return "the master preloads the app, so workers made by a reload would get the old code from it."
	case b.HeldByContainer():
		return "the container holds the old code, and new workers in it would load that again."
	}
	if container, _, replaced := b.ReplacedImage(); replaced {
		return sys.Textf("%s runs an image that %s no longer names, and new workers in it would load the code of that again.", container.Name, container.ImageName)
	}
	if release, inRelease := deployment.ReleaseOf(master.Directory); inRelease && deployment.Link != nil &&
		release.Path != deployment.Active && !b.importsThroughLink() {
		return sys.Textf("the master keeps the real path %s and would load that release again, not %s.", release.Path, deployment.Active)
	}
	if deployment.Link != nil && deployment.Link.Dangling {
		return sys.Textf("the link %s leads nowhere.", deployment.Link.Path)
	}
	return ""
}
