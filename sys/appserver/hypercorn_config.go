package appserver

import (
	"bytes"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"

	"flasktui/sys/gunicorn"
)

// HypercornFile is the file that Hypercorn's -c names: TOML, or Python behind "file:"; empty for a
// module of Python's ("python:NAME"), which would have to be imported.
func HypercornFile(config string) string {
	if strings.HasPrefix(config, "python:") {
		return ""
	}
	return strings.TrimPrefix(config, "file:")
}

// ParseHypercornConfig reads what such a file says of where Hypercorn listens, and whether it
// reloads. Python is read and never run.
func ParseHypercornConfig(name string, content []byte) (gunicorn.Settings, error) {
	if path.Ext(name) == ".py" {
		read, err := gunicorn.ParseConfig(bytes.NewReader(content))
		settings := gunicorn.Settings{Bind: read.Bind}
		if slices.Contains(read.Computed, "bind") {
			settings.Computed = []string{"bind"}
		}
		return settings, err
	}
	var file struct {
		Bind     any  `toml:"bind"`
		Insecure any  `toml:"insecure_bind"`
		Reloads  bool `toml:"use_reloader"`
	}
	if err := toml.Unmarshal(content, &file); err != nil {
		return gunicorn.Settings{Computed: []string{"bind"}}, fmt.Errorf("reading Hypercorn's configuration: %w", err)
	}
	settings := gunicorn.Settings{Bind: append(wordsOf(file.Bind), wordsOf(file.Insecure)...)}
	if file.Reloads {
		settings.Reload = on()
	}
	return settings, nil
}

// wordsOf are a string, or the strings of a list.
func wordsOf(value any) []string {
	switch value := value.(type) {
	case string:
		return []string{value}
	case []any:
		var words []string
		for _, one := range value {
			if word, ok := one.(string); ok {
				words = append(words, word)
			}
		}
		return words
	}
	return nil
}
