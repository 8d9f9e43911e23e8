package facts

import (
	"maps"
	"path"
	"slices"
	"strings"

	"flasktui/sys"
)

// sameAsLoaded compares the files on disk, in whatever `systemctl show` tells of what a
// unit runs, with the unit as loaded. It is false where anything differs or cannot be
// compared. systemd wants a daemon-reload as soon as a file is newer than its last look,
// even where it was written again with the same content (systemd's unit_need_daemon_reload
// goes by the time alone).
func (files *UnitFiles) sameAsLoaded(unit Unit, printOf func(string) string) bool {
	all := files.All()
	if files.Fragment == nil || len(all) == 0 {
		return false
	}
	for _, dropIn := range unit.DropInPaths {
		if !slices.ContainsFunc(files.DropIns, func(file sys.UnitFile) bool { return path.Base(file.Path) == path.Base(dropIn) }) {
			return false
		}
	}
	// What changes which files the process sees, and is not among what is shown.
	for _, key := range []string{"RootDirectory", "RootImage", "BindPaths", "BindReadOnlyPaths", "PassEnvironment", "UnsetEnvironment"} {
		if len(sys.EffectiveSetting(all, "Service", key, true)) > 0 {
			return false
		}
	}
	single := func(key string) string {
		if found := sys.EffectiveSetting(all, "Service", key, false); len(found) > 0 {
			return expandSpecifiers(strings.TrimLeft(found[0].Value, "-!"), unit.Name)
		}
		return ""
	}
	directory := single("WorkingDirectory")
	if directory != "/" {
		directory = strings.TrimSuffix(directory, "/")
	}
	return directory == unit.WorkingDirectory && single("User") == unit.User && single("Group") == unit.Group &&
		sameCommands(all, "ExecStart", unit.ExecStart, unit.Name) && sameCommands(all, "ExecReload", unit.ExecReload, unit.Name) &&
		sameEnvironment(all, unit, printOf)
}

// sameCommands compares command lines joined with blanks, as systemctl shows them. One
// that was masked when it was read is not compared.
func sameCommands(files []sys.UnitFile, key string, loaded [][]string, unit string) bool {
	found := sys.EffectiveSetting(files, "Service", key, true)
	if len(found) != len(loaded) {
		return false
	}
	for index, one := range found {
		words, err := sys.SplitUnitWords(strings.TrimLeft(one.Value, "-@:+!"))
		if err != nil {
			return false
		}
		for index := range words {
			words[index] = expandSpecifiers(words[index], unit)
		}
		line := strings.Join(words, " ")
		if line != strings.Join(maskedVectors([][]string{words})[0], " ") || line != strings.Join(loaded[index], " ") {
			return false
		}
	}
	return true
}

func sameEnvironment(files []sys.UnitFile, unit Unit, printOf func(string) string) bool {
	prints := map[string]string{}
	for _, line := range sys.EffectiveSetting(files, "Service", "Environment", true) {
		words, err := sys.SplitUnitWords(line.Value)
		if err != nil {
			return false
		}
		for _, word := range words {
			name, value, _ := strings.Cut(expandSpecifiers(word, unit.Name), "=")
			prints[name] = printOf(value)
		}
	}
	var named []sys.EnvironmentFile
	for _, line := range sys.EffectiveSetting(files, "Service", "EnvironmentFile", true) {
		name, optional := strings.CutPrefix(expandSpecifiers(line.Value, unit.Name), "-")
		named = append(named, sys.EnvironmentFile{Path: name, Optional: optional})
	}
	return maps.Equal(prints, unit.Prints) && slices.Equal(named, unit.EnvironmentFiles)
}
