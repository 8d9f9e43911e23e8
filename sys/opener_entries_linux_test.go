package sys

import (
	"os"
	"path/filepath"
	"testing"
)

// TestEntriesAreDescribedAsEachByItself: of a directory that somebody led to, of one that they may
// not search, and of a place where something is mounted, StatEntries says what Stat says.
func TestEntriesAreDescribedAsEachByItself(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		return // Nobody can be made an owner; the lab runs this as root.
	}
	top := grounds(t)
	for way, local := range ways(t) {
		for directory, names := range map[string][]string{
			top + "/home":         {"current", "to-vault", ".env", "fifo", "dangling", "nothing", "releases", "..", "."},
			top + "/home/current": {"REVISION", "nothing"},
			top + "/home/to-open": {"secret", "public", "secret/x"},
			// The one who made the link may not search it.
			top + "/home/to-vault-dir": {"secret", "nothing"},
			top + "/home/to-public":    {"x"},
			top + "/home/fifo":         {"x"},
			top + "/nowhere":           {"x"},
			"/":                        {"proc", "etc", "dev"},
			"/proc/self/root/etc":      {"hostname", "nothing"},
		} {
			for _, got := range StatEntries(t.Context(), NewRecorder(local), directory, names) {
				want, err := local.Stat(t.Context(), filepath.Join(directory, got.Name))
				if got.Name == ".." || got.Name == "." {
					want, err = local.Stat(t.Context(), directory+"/"+got.Name)
				}
				if got.Info != want || (got.Err == nil) != (err == nil) || err != nil && got.Err.Error() != err.Error() {
					t.Errorf("%s: %s in %s: %+v, %v; by itself %+v, %v", way, got.Name, directory, got.Info, got.Err, want, err)
				}
			}
		}
	}
}
