package proc

import (
	"testing"

	"flasktui/sys/memory"
)

// TestALinkToWhatWasRemoved: the kernel's mark is read once, and a name that only ends like
// it is a name.
func TestALinkToWhatWasRemoved(t *testing.T) {
	t.Parallel()
	box := memory.Machine{
		Files: map[string]string{"/srv/app/wsgi.py": "", "/srv/app (deleted)/wsgi.py": ""},
		Links: map[string]string{
			"/proc/7/cwd": "/srv/app", "/proc/8/cwd": "/srv/gone (deleted)", "/proc/9/cwd": "/srv/app (deleted)", "/proc/10/cwd": "/srv/gone (deleted) (deleted)",
		},
	}
	for pid, want := range map[int]struct {
		directory string
		deleted   bool
		shown     string
	}{
		7:  {"/srv/app", false, "/srv/app"},
		8:  {"/srv/gone", true, "/srv/gone (deleted)"},
		9:  {"/srv/app (deleted)", false, "/srv/app (deleted)"},
		10: {"/srv/gone (deleted)", true, "/srv/gone (deleted) (deleted)"},
	} {
		directory, deleted, err := ReadDirectory(t.Context(), box, pid)
		process := Process{Directory: directory, DirectoryDeleted: deleted, Executable: directory, ExecutableDeleted: deleted}
		if err != nil || directory != want.directory || deleted != want.deleted {
			t.Errorf("%d: %q, %t, %v", pid, directory, deleted, err)
		}
		if string(process.ShownDirectory()) != want.shown || process.ShownExecutable() != process.ShownDirectory() {
			t.Errorf("%d is shown as %q and %q", pid, process.ShownDirectory(), process.ShownExecutable())
		}
	}
	if directory, _, err := ReadDirectory(t.Context(), box, 11); err == nil || directory != "" {
		t.Errorf("of no process: %q, %v", directory, err)
	}
}
