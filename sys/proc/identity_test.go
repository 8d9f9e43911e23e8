package proc

import (
	"io/fs"
	"strings"
	"testing"

	"flasktui/sys"
	"flasktui/sys/memory"
)

// TestRootsProgram: of what calls itself root's program, only what root alone started and
// decides about is it.
func TestRootsProgram(t *testing.T) {
	t.Parallel()
	const setuid = fs.ModeSetuid | 0o755
	for _, test := range []struct {
		name, ids, again, executable string
		file                         sys.FileInfo
		want                         string
	}{
		{name: "root's", ids: "0 0 0 0", file: sys.FileInfo{Mode: 0o755}},
		{name: "root's, replaced by an update", ids: "0 0 0 0", executable: "/usr/sbin/nginx (deleted)", file: sys.FileInfo{Mode: 0o755}},
		{name: "su waits for a password", ids: "1003 0 0 0", file: sys.FileInfo{Mode: setuid}, want: "real 1003, effective 0"},
		{name: "sudo waits for a password", ids: "0 0 0 0", file: sys.FileInfo{Mode: setuid}, want: "whoever starts it"},
		{name: "sudo went on as its caller", ids: "0 0 0 0", again: "1003 1003 1003 1003", file: sys.FileInfo{Mode: 0o755}, want: "does not run as root alone"},
		{name: "rights that may come back", ids: "0 0 1003 0", file: sys.FileInfo{Mode: 0o755}, want: "saved 1003"},
		{name: "another file system user", ids: "0 0 0 1003", file: sys.FileInfo{Mode: 0o755}, want: "file system 1003"},
		{name: "a user's file", ids: "0 0 0 0", file: sys.FileInfo{Mode: 0o755, UID: 1003}, want: "others than root may write"},
		{name: "a file of the group's", ids: "0 0 0 0", file: sys.FileInfo{Mode: 0o775}, want: "others than root may write"},
		{name: "no ids", ids: "", file: sys.FileInfo{Mode: 0o755}, want: "could not be read"},
		{name: "three ids", ids: "0 0 0", file: sys.FileInfo{Mode: 0o755}, want: "could not be read"},
		{name: "ids that are none", ids: "0 0 0 x", file: sys.FileInfo{Mode: 0o755}, want: "could not be read"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			box := memory.Machine{
				Files: map[string]string{
					"/proc/uptime": "100.00 1\n", "/proc/7/stat": "7 (nginx) S 1 7 7 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 5 0 0\n",
					"/proc/7/status": "Name:\tnginx\nUid:\t" + strings.ReplaceAll(test.ids, " ", "\t") + "\n", "/proc/7/cmdline": "nginx: master process nginx\x00", "/proc/7/cgroup": "0::/\n",
					"/usr/sbin/nginx": "", "/usr/sbin/nginx (deleted)": "",
				},
				Links: map[string]string{"/proc/7/exe": "/usr/sbin/nginx", "/proc/7/root": "/", "/proc/7/cwd": "/"},
				Kept:  map[string]sys.FileInfo{"/usr/sbin/nginx": test.file, "/usr/sbin/nginx (deleted)": test.file},
			}
			if test.executable != "" {
				box.Links["/proc/7/exe"] = test.executable
			}
			process, err := ReadProcess(t.Context(), box, Boot{}, 7)
			if err != nil {
				t.Fatal(err)
			}
			if test.again != "" {
				box.Files["/proc/7/status"] = "Uid: " + test.again + "\n"
			}
			err = RootsProgramHere(t.Context(), box, process)
			if (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
				t.Errorf("%v", err)
			}
		})
	}
}

// TestPathsOfAnotherRoot: a name means the box's file only to who has the box's root
// directory, and executes the file that lies there.
func TestPathsOfAnotherRoot(t *testing.T) {
	t.Parallel()
	box := memory.Machine{
		Files: map[string]string{"/proc/7/status": "Uid: 0 0 0 0\n", "/usr/sbin/nginx": "", "/image/usr/sbin/nginx": ""},
		Links: map[string]string{"/proc/7/exe": "/usr/sbin/nginx", "/proc/7/root": "/image"},
		Kept:  map[string]sys.FileInfo{"/image": {Inode: 5}, "/image/usr/sbin/nginx": {Inode: 6}},
	}
	process := Process{PID: 7, Executable: "/usr/sbin/nginx"}
	if err := RootsProgramHere(t.Context(), box, process); err == nil || !strings.Contains(err.Error(), "another root directory") {
		t.Errorf("%v", err)
	}
	box.Links["/proc/7/root"], box.Links["/proc/7/exe"] = "/", "/image/usr/sbin/nginx"
	if err := RootsProgramHere(t.Context(), box, process); err == nil || !strings.Contains(err.Error(), "does not execute") {
		t.Errorf("%v", err)
	}
}
