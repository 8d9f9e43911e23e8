package docker

import (
	"encoding/json"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
)

// building are the settings by which a build is given more than its context.
func (file composeFile) building(raw json.RawMessage) map[string][]string {
	building := map[string][]string{}
	var build map[string]json.RawMessage
	if json.Unmarshal(raw, &build) != nil {
		return building
	}
	for _, key := range []string{"privileged", "entitlements", "network", "ssh"} {
		if words := composeList(build[key]); len(words) > 0 && words[0] != "false" && (key == "ssh" || words[0] != "default" && words[0] != "none") {
			building[key] = words
		}
	}
	var secrets []struct{ Source string }
	_ = json.Unmarshal(build["secrets"], &secrets)
	for _, secret := range secrets {
		if source := file.Secrets[secret.Source].File; source != "" {
			building["secrets"] = append(building["secrets"], source)
		}
	}
	var contexts map[string]string
	_ = json.Unmarshal(build["additional_contexts"], &contexts)
	for _, name := range slices.Sorted(maps.Keys(contexts)) {
		if path.IsAbs(contexts[name]) {
			building["additional_contexts"] = append(building["additional_contexts"], contexts[name])
		}
	}
	return building
}

// ComposeReferences are the words of a Compose file that may be names of further files: what
// stands behind include, extends and env_file. Which of them are files is for the caller to
// see; a word with a "$" has variables that are not filled in here.
func ComposeReferences(text string) []string {
	opening := regexp.MustCompile(`(?:^|[\s{,"'])(?:include|extends|env_file)["']?\s*:(.*)$`)
	words, depth := []string{}, -1
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, " \t\r\n")
		trimmed := strings.TrimLeft(line, " \t")
		if trimmed == "" || trimmed[0] == '#' {
			continue
		}
		indent := len(line) - len(trimmed)
		if depth >= 0 && (indent > depth || indent == depth && trimmed[0] == '-') {
			words = append(words, referenceWords(trimmed)...)
		} else {
			depth = -1
		}
		if found := opening.FindStringSubmatch(line); found != nil {
			depth = max(depth, indent)
			words = append(words, referenceWords(found[1])...)
		}
	}
	slices.Sort(words)
	return slices.Compact(words)
}

// referenceWords are the scalars of a line, without those that are keys of such an entry.
func referenceWords(text string) []string {
	found := regexp.MustCompile(`(?:\$\{[^}]*\}|[^\s,\[\]{}"':])+`).FindAllString(text, -1)
	return slices.DeleteFunc(found, func(word string) bool {
		return slices.Contains([]string{"-", "file", "service", "path", "include", "extends", "env_file", "project_directory", "required", "true", "false"}, word)
	})
}
