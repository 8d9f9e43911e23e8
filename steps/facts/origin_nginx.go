package facts

import (
	"context"
	"path"
	"slices"
	"strconv"
	"strings"

	"flasktui/steps/report"
	"flasktui/sys"
	"flasktui/sys/nginx"
)

// nginxOrigin asks who but root may write the files of the box's own Nginx that changed since
// it read them. What it holds cannot be asked for; so that is looked for which its master
// does as root, or has run by all workers.
func (look *look) nginxOrigin(ctx context.Context, known *Facts, origin *Origin) {
	const most = 32
	loaded := known.NginxLoadedAt()
	if !known.NginxDisk.Known || known.Front.Known || loaded.IsZero() {
		return
	}
	whose := look.whose(ctx, known)
	held := look.openFiles(ctx, known)
	for _, name := range known.NginxDisk.Value.Files {
		if len(origin.Nginx) == most {
			break
		}
		link, info, err := look.ends(ctx, name)
		if err != nil {
			continue
		}
		before := len(origin.Nginx)
		if info.Changed.After(loaded) || link.Changed.After(loaded) {
			origin.Nginx = whose.add(ctx, origin.Nginx, name)
		}
		if len(origin.Nginx) == before {
			continue
		}
		changes := []report.KeyChange{{Key: string(sys.Safe(path.Base(name)))}}
		raw, err := look.machine.ReadFile(ctx, name, 1<<20)
		directives, parseErr := nginx.Directives(string(raw))
		if err != nil || parseErr != nil {
			changes[0].Gives = "what is not known: it could not be read"
		} else {
			changes = append(nginxGives(directives, held), changes...)
		}
		origin.NginxChanges = append(origin.NginxChanges, changes...)
	}
	slices.SortStableFunc(origin.NginxChanges, givingFirst)
}

// openFiles are those that Nginx's masters hold open, its logs among them.
func (look *look) openFiles(ctx context.Context, known *Facts) []string {
	var held []string
	for _, process := range known.Processes.Value.Nginx {
		if process.Role != "master" || process.Cgroup.Container != "" {
			continue
		}
		directory := path.Join("/proc", strconv.Itoa(process.PID), "fd")
		entries, err := look.machine.ReadDir(ctx, directory)
		if err != nil {
			continue
		}
		for _, entry := range entries {
			if target, err := look.machine.ReadLink(ctx, path.Join(directory, entry.Name)); err == nil && path.IsAbs(target) {
				held = append(held, target)
			}
		}
	}
	return held
}

// nginxGives are the directives of a file by which root's master writes where it did not
// before, or by which code is run.
func nginxGives(directives [][]string, held []string) []report.KeyChange {
	var changes []report.KeyChange
	for _, words := range directives {
		name, value := words[0], strings.Join(words[1:min(len(words), 2)], "")
		change := report.KeyChange{Key: string(sys.Safe(name)), Then: string(sys.Safe(value))}
		switch {
		case name == "access_log" || name == "error_log":
			writes := value != "off" && value != "stderr" && !strings.HasPrefix(value, "syslog:") && !strings.HasPrefix(value, "memory:") && !strings.Contains(value, "$")
			if !writes || besideOpen(value, held) {
				continue
			}
			change.Gives = "a file that root opens to write"
		case strings.HasSuffix(name, "_temp_path") || strings.HasSuffix(name, "_cache_path") || name == "pid" || name == "lock_file":
			change.Gives = "a path that root makes"
		case name == "load_module" || name == "user" || strings.HasPrefix(name, "perl") || strings.HasPrefix(name, "js_") || strings.HasPrefix(name, "lua_") || strings.Contains(name, "_by_lua"):
			change.Gives = "code, or a user, that Nginx runs with its rights"
		default:
			continue
		}
		changes = append(changes, change)
	}
	return changes
}

// besideOpen tells a log that is open already, or one that would lie beside such.
func besideOpen(name string, held []string) bool {
	return slices.ContainsFunc(held, func(file string) bool {
		return file == name || path.Ext(file) == ".log" && path.Ext(name) == ".log" && path.Dir(file) == path.Dir(path.Clean(name))
	})
}
