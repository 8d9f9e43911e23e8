package web

import (
	"bytes"
	"encoding/json"
	"mime"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"flasktui/sys"
)

// Marker is what an answer says of the release that it comes from.
type Marker struct {
	// Value is empty where nothing was said.
	Value string `json:"value,omitempty"`
	// From names the JSON field or the header, or is "text".
	From string `json:"from,omitempty"`
}

// markerFields are the names that apps give to their release, in the order of trust: a
// release or commit tells more than a version that is changed by hand.
func markerFields() []string {
	return []string{
		"release", "app_release", "commit", "git_commit", "git_sha", "sha", "revision", "rev", "build_sha",
		"git", "version", "app_version", "build", "build_id", "tag", "deployment", "image",
	}
}

func markerHeaders() []string {
	return []string{
		"X-Release", "X-App-Release", "X-Commit", "X-Git-Commit", "X-Git-Sha", "X-Revision", "X-Build",
		"X-Version", "X-App-Version", "X-Release-Id",
	}
}

// deepestMarker is how many objects deep a marker is looked for.
const deepestMarker = 2

// markerLimit is longer than any release, commit or build name.
const markerLimit = 120

// ReadMarker finds the release in an answer: a JSON field (two levels deep as well), a
// header, or a body of one plain line.
func ReadMarker(response Response) Marker {
	if response.Status == http.StatusOK {
		if marker := markerInJSON(response.Body); marker.Value != "" {
			return marker
		}
	}
	for _, name := range markerHeaders() {
		if value := clip(response.Header.Get(name)); value != "" {
			return Marker{value, "header " + name}
		}
	}
	kind, _, _ := mime.ParseMediaType(response.Header.Get("Content-Type"))
	if response.Status != http.StatusOK || !strings.HasPrefix(kind, "text/") {
		return Marker{}
	}
	line := strings.TrimSpace(string(response.Body))
	// A page is no marker; a word or two are, "release: 42" included.
	if line == "" || len(line) > markerLimit || strings.ContainsAny(line, "\n<>{}") {
		return Marker{}
	}
	if field := regexp.MustCompile(`(?i)^(?:release|version|commit|revision|build)\s*[:=]\s*(\S+)$`).FindStringSubmatch(line); field != nil {
		return Marker{clip(field[1]), "text"}
	}
	if len(strings.Fields(line)) > 1 {
		return Marker{}
	}
	return Marker{clip(line), "text"}
}

func markerInJSON(body []byte) Marker {
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	var document any
	if decoder.Decode(&document) != nil {
		return Marker{}
	}
	if text, ok := document.(string); ok {
		return Marker{clip(text), "JSON text"}
	}
	fields, ok := document.(map[string]any)
	if !ok {
		return Marker{}
	}
	return markerInFields(fields, "")
}

func markerInFields(fields map[string]any, prefix string) Marker {
	names := make([]string, 0, len(fields))
	for name := range fields {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, wanted := range markerFields() {
		for _, name := range names {
			if strings.ReplaceAll(strings.ToLower(name), "-", "_") != wanted {
				continue
			}
			switch value := fields[name].(type) {
			case string:
				if text := clip(value); text != "" {
					return Marker{text, "field " + prefix + name}
				}
			case json.Number:
				return Marker{value.String(), "field " + prefix + name}
			case map[string]any:
				if strings.Count(prefix, ".") < deepestMarker {
					if inner := markerInFields(value, prefix+name+"."); inner.Value != "" {
						return inner
					}
				}
				if id, ok := value["id"].(string); ok && clip(id) != "" {
					return Marker{clip(id), "field " + prefix + name}
				}
			}
		}
	}
	return Marker{}
}

// clip bounds a marker. What apps say when nobody told them their release is no marker.
func clip(value string) string {
	value = string(sys.Safe(strings.TrimSpace(value)))
	switch strings.ToLower(value) {
	case "unknown", "none", "null", "dev", "undefined", "n/a", "-":
		return ""
	}
	runes := []rune(value)
	return string(runes[:min(len(runes), markerLimit)])
}
