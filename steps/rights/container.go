// Package rights tells what a change of set-up gives to whoever may write it down: which keys of
// a container or of a unit differ from what runs, and what of the box each hands over.
//
// It knows report for its changes, and sys's rooms; nothing of what was seen of a box. Begin with
// CompareContainer and OfUnit.
package rights

import (
	"slices"
	"strings"

	"flasktui/steps/report"
	"flasktui/sys"
	"flasktui/sys/docker"
)

// handingOver are the keys that can give a container something of the box, the ones that
// give most first, with what that is.
func handingOver() [][2]string {
	return [][2]string{
		{"privileged", "all of root's rights on this box"},
		{"volumes", ""},
		{"devices", "a device of this box"},
		{"gpus", "devices of this box"},
		{"device_cgroup_rules", "devices of this box"},
		{"pid", "the processes of this box"},
		{"userns_mode", "root's own user id on this box"},
		{"ipc", "the shared memory of this box"},
		{"uts", "the name of this box"},
		{"cgroup", "the control groups of this box"},
		{"network_mode", "the network of this box"},
		{"cap_add", "capabilities"},
		{"security_opt", "less confinement"},
		{"group_add", "the rights of a group"},
		{"volumes_from", "the volumes of another container"},
		{"runtime", "another runtime"},
		{"cgroup_parent", "a control group of this box"},
	}
}

// CompareContainer sets a container's set-up beside the one that its file asks for. image is the
// one that it runs, whose own defaults are what the file leaves open; mountGives tells what
// a volume gives that was not there. Those that give something come first.
func CompareContainer(now, then docker.ContainerKeys, image docker.Image, imageKnown bool, mountGives func(string) string) []report.KeyChange {
	var giving, others []report.KeyChange
	enter := func(change report.KeyChange) {
		if change.Gives != "" {
			giving = append(giving, change)
		} else {
			others = append(others, change)
		}
	}
	for _, one := range handingOver() {
		key, gives := one[0], one[1]
		if key == "runtime" && len(then.Words[key]) == 0 {
			// The daemon's default, which the container tells as if it had been set.
			continue
		}
		added, gone := differing(then.Words[key], now.Words[key]), differing(now.Words[key], then.Words[key])
		if len(added)+len(gone) == 0 {
			continue
		}
		change := report.KeyChange{Key: key, Now: ShownWords(gone), Then: ShownWords(added)}
		switch {
		case key == "volumes":
			for _, word := range added {
				if change.Gives == "" {
					change.Gives = mountGives(word)
				}
			}
		case key == "security_opt":
			loosened := slices.ContainsFunc(added, func(word string) bool { return word != "no-new-privileges" })
			if loosened || len(gone) > 0 {
				change.Gives = gives
			}
		case key == "network_mode" && !slices.ContainsFunc(added, func(word string) bool { return word != "none" }):
		case len(added) > 0:
			change.Gives = gives
		}
		enter(change)
	}
	if added, gone := differing(then.Words["cap_drop"], now.Words["cap_drop"]), differing(now.Words["cap_drop"], then.Words["cap_drop"]); len(added)+len(gone) > 0 {
		change := report.KeyChange{Key: "cap_drop", Now: ShownWords(gone), Then: ShownWords(added)}
		if len(gone) > 0 {
			change.Gives = "capabilities that were taken away"
		}
		enter(change)
	}
	for _, change := range slices.Concat(compareUser(now, then, image, imageKnown), compareCommands(now, then, image, imageKnown)) {
		enter(change)
	}
	for _, key := range []string{"image", "ports"} {
		added, gone := differing(then.Words[key], now.Words[key]), differing(now.Words[key], then.Words[key])
		if len(added) > 0 {
			enter(report.KeyChange{Key: key, Now: ShownWords(gone), Then: ShownWords(added)})
		}
	}
	return append(giving, others...)
}

// compareUser: what the file leaves open is the image's user.
func compareUser(now, then docker.ContainerKeys, image docker.Image, imageKnown bool) []report.KeyChange {
	if !imageKnown {
		return nil
	}
	was, is := strings.Join(now.Words["user"], ""), strings.Join(then.Words["user"], "")
	if is == "" {
		is = image.User
	}
	if was == is || rootUser(was) && rootUser(is) {
		return nil
	}
	change := report.KeyChange{Key: "user", Now: ShownWords([]string{was}), Then: ShownWords([]string{is})}
	switch {
	case rootUser(is):
		change.Then, change.Gives = "root", "root's rights in the container"
	case !rootUser(was):
		change.Gives = "another user's rights"
	}
	return []report.KeyChange{change}
}

func rootUser(user string) bool {
	name, _, _ := strings.Cut(user, ":")
	return name == "" || name == "0" || name == "root"
}

// compareCommands: a command alone gives a container nothing, unless that one holds the box
// already.
func compareCommands(now, then docker.ContainerKeys, image docker.Image, imageKnown bool) []report.KeyChange {
	if !imageKnown {
		return nil
	}
	entrypoint, command := then.Words["entrypoint"], then.Words["command"]
	if len(command) == 0 && len(entrypoint) == 0 {
		command = image.Command
	}
	if len(entrypoint) == 0 {
		entrypoint = image.Entrypoint
	}
	var changes []report.KeyChange
	for _, one := range []struct {
		key     string
		was, is []string
	}{{"entrypoint", now.Words["entrypoint"], entrypoint}, {"command", now.Words["command"], command}} {
		if slices.Equal(one.was, one.is) {
			continue
		}
		change := report.KeyChange{Key: one.key, Now: ShownCommand(one.was), Then: ShownCommand(one.is)}
		if holdsBox(now) {
			change.Gives = "another program the rights that the container has"
		}
		changes = append(changes, change)
	}
	return changes
}

// holdsBox tells whether whoever decides what runs in a container decides about the box.
func holdsBox(keys docker.ContainerKeys) bool {
	if len(keys.Words["privileged"])+len(keys.Words["pid"])+len(keys.Words["devices"]) > 0 {
		return true
	}
	for _, name := range keys.Words["cap_add"] {
		if name == "ALL" || strings.HasPrefix(name, "SYS_") || strings.HasPrefix(name, "DAC_") {
			return true
		}
	}
	return slices.ContainsFunc(keys.Words["volumes"], func(word string) bool {
		source, _ := docker.MountSource(word)
		return source == "/" || strings.HasSuffix(source, "/docker.sock")
	})
}

// Exceeding are what a container has got that neither the one before it had nor the
// file said that was shown: the file was exchanged before Docker read it.
func Exceeding(shown, before, made docker.ContainerKeys) []report.KeyChange {
	var changes []report.KeyChange
	for _, one := range handingOver() {
		key := one[0]
		if key == "runtime" || key == "security_opt" {
			continue
		}
		added := differing(differing(made.Words[key], shown.Words[key]), before.Words[key])
		if key == "volumes" {
			added = slices.DeleteFunc(added, func(word string) bool {
				// What another container's volumes are is not in the files.
				return !strings.HasPrefix(word, "/") || len(made.Words["volumes_from"]) > 0
			})
		}
		if len(added) > 0 {
			changes = append(changes, report.KeyChange{Key: key, Then: ShownWords(added)})
		}
	}
	return changes
}

// differing are the words that the other list has not got.
func differing(words, others []string) []string {
	return slices.DeleteFunc(slices.Clone(words), func(word string) bool { return slices.Contains(others, word) })
}

// ShownWords are the values of a key, to be read.
func ShownWords(words []string) string { return string(sys.Safe(strings.Join(words, ", "))) }

// ShownCommand is a command line with what could be secret masked.
func ShownCommand(argv []string) string {
	const longest = 120
	words := []string{}
	for _, word := range sys.RedactArgv(argv) {
		words = append(words, string(word))
	}
	line := strings.Join(words, " ")
	if len(line) > longest {
		line = strings.ToValidUTF8(line[:longest], "") + "…"
	}
	return line
}
