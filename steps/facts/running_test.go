package facts

import (
	"fmt"
	"strings"
	"testing"

	"flasktui/sys"
	"flasktui/sys/memory"
	"flasktui/sys/proc"
)

// started is one process of a box in memory, as /proc shows it.
type started struct {
	pid, parent int
	line        string
	directory   string
	// unit is its place in the tree of control groups, below the root.
	unit string
	uid  int
}

// running is a box on which these processes run; what each executes is root's.
func running(processes ...started) memory.Machine {
	box := memory.Machine{
		Files: map[string]string{"/usr/bin/python3": "", "/usr/bin/tool": ""}, Links: map[string]string{}, Kept: map[string]sys.FileInfo{},
	}
	for _, one := range processes {
		argv := strings.Fields(one.line)
		name := argv[0][strings.LastIndex(argv[0], "/")+1:]
		if strings.HasPrefix(one.line, "PM2 ") {
			argv, name = []string{one.line}, "PM2 v5.3.0: God"
		}
		box.Files[proc.Path(one.pid, "stat")] = fmt.Sprintf("%d (%.15s) S %d %d %d 0 -1 4194560 0 0 0 0 0 0 0 0 20 0 1 0 1000 0 0\n", one.pid, name, one.parent, one.pid, one.pid)
		box.Files[proc.Path(one.pid, "cmdline")] = strings.Join(argv, "\x00") + "\x00"
		box.Files[proc.Path(one.pid, "status")] = fmt.Sprintf("Name:\tx\nUid:\t%[1]d\t%[1]d\t%[1]d\t%[1]d\nGid:\t%[1]d\t%[1]d\t%[1]d\t%[1]d\n", one.uid)
		box.Files[proc.Path(one.pid, "cgroup")] = "0::/" + one.unit + "\n"
		box.Links[proc.Path(one.pid, "cwd")] = one.directory
		box.Links[proc.Path(one.pid, "exe")] = "/usr/bin/tool"
		box.Links[proc.Path(one.pid, "root")] = "/"
		box.Files[one.directory+"/here"] = ""
	}
	return box
}

// TestWhoKeepsAServer is the parent that starts it again: whether root may be told to have it do
// so depends on whose program it is, and on who decides about the directory that it names.
func TestWhoKeepsAServer(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		parent started
		change func(*memory.Machine)
		want   string
	}{
		{"runit", started{line: "runsv shop", directory: "/etc/service/shop"}, nil, "sv restart /etc/service/shop rooted"},
		{"a user's runit", started{line: "runsv shop", directory: "/etc/service/shop", uid: 1000}, nil, "sv restart /etc/service/shop"},
		{"a user's directory", started{line: "runsv shop", directory: "/home/ada/service"}, func(box *memory.Machine) {
			box.Kept["/home/ada"] = sys.FileInfo{UID: 1000}
		}, "sv restart /home/ada/service"},
		{"a program that a user may write", started{line: "runsv shop", directory: "/etc/service/shop"}, func(box *memory.Machine) {
			box.Kept["/usr/bin/tool"] = sys.FileInfo{UID: 1000}
		}, "sv restart /etc/service/shop"},
		{"OpenRC", started{line: "supervise-daemon shop --start /usr/bin/gunicorn", directory: "/"}, nil, "rc-service shop restart rooted"},
		{"OpenRC, which one does not show", started{line: "supervise-daemon --start shop", directory: "/"}, nil, ""},
		{"pm2", started{line: "PM2 v5.3.0: God Daemon (/root/.pm2)", directory: "/"}, nil, "pm2 restart NAME rooted"},
		{"cron", started{line: "/usr/sbin/cron -f", directory: "/"}, nil, ""},
		{"one that is gone", started{line: "runsv shop", directory: "/etc/service/shop"}, func(box *memory.Machine) {
			delete(box.Files, proc.Path(7, "status"))
		}, ""},
	} {
		test.parent.pid, test.parent.parent = 7, 1
		box := running(test.parent)
		if test.change != nil {
			test.change(&box)
		}
		var parents []string
		for _, parent := range lookAt(box).parentsOf(t.Context(), 7) {
			if parent.Keeper != nil {
				words := strings.Join(parent.Keeper.Argv, " ")
				if parent.Keeper.Rooted {
					words += " rooted"
				}
				parents = append(parents, words)
			}
		}
		if got := strings.Join(parents, ", "); got != test.want {
			t.Errorf("%s: %s, want %s", test.name, got, test.want)
		}
	}
}
