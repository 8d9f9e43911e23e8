// Package config reads what a person has written down once: the configuration files and
// the environment. Nothing is ever read from the working directory, for root may stand
// in a directory that an application can write to.
//
// Begin with Load; trust.go says which files are believed.
package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"strings"

	"github.com/pelletier/go-toml/v2"
)

// Settings are values by the names of the flags that they stand for ("app-dir"), as
// text, just as they would be typed.
type Settings map[string]Setting

// Setting is a value and where it was said, for error messages.
type Setting struct {
	Value string
	From  string
}

// Files are the configuration files that are read where they exist, in rising order of
// precedence.
func Files(getenv func(string) string) []string {
	files := []string{"/etc/flasktui/config.toml"}
	home := getenv("XDG_CONFIG_HOME")
	if home == "" && getenv("HOME") != "" {
		home = filepath.Join(getenv("HOME"), ".config")
	}
	if filepath.IsAbs(home) {
		files = append(files, filepath.Join(home, "flasktui", "config.toml"))
	}
	return files
}

// Load reads the files that everybody has, then the one that was named, then the
// environment; what is read later wins. service chooses among the tables
// [services."NAME"].
func Load(getenv func(string) string, named, service string) (Settings, error) {
	return load(Files(getenv), getenv, named, service)
}

func load(files []string, getenv func(string) string, named, service string) (Settings, error) {
	settings := Settings{}
	for _, path := range files {
		content, err := readTrusted(path, getenv)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err == nil {
			err = settings.addFile(path, content, service)
		}
		if err != nil {
			return nil, err
		}
	}
	if named != "" {
		content, err := readTrusted(named, getenv)
		if err == nil {
			err = settings.addFile(named, content, service)
		}
		if err != nil {
			return nil, err
		}
	}
	settings.addEnvironment(getenv)
	return settings, nil
}

// file is the form of a configuration file.
type file struct {
	options
	// Services holds what is true of one service alone, by its name.
	Services map[string]options `toml:"services"`
}

// options are those that may be written down. Which service is meant and which release
// is expected change with each run; of these, only the service has a sensible default.
type options struct {
	Service     *string `toml:"service"`
	URL         *string `toml:"url"`
	AppDir      *string `toml:"app_dir"`
	Expect      *string `toml:"expect"`
	VersionPath *string `toml:"version_path"`
	StaticPath  *string `toml:"static_path"`
	ComposeFile *string `toml:"compose_file"`
	PIDFile     *string `toml:"pidfile"`
	Timeout     *string `toml:"timeout"`
	Theme       *string `toml:"theme"`
	ReadOnly    *bool   `toml:"read_only"`
	NoSudo      *bool   `toml:"no_sudo"`
	NoMemory    *bool   `toml:"no_memory"`
	ASCII       *bool   `toml:"ascii"`
	Accessible  *bool   `toml:"accessible"`
}

// Names are the settings there are, as flags write them.
func Names() []string {
	return []string{
		"service", "url", "app-dir", "expect", "version-path", "static-path", "compose-file", "pidfile",
		"timeout", "theme", "read-only", "no-sudo", "no-memory", "ascii", "accessible",
	}
}

func (o options) texts() map[string]*string {
	return map[string]*string{
		"service": o.Service, "url": o.URL, "app-dir": o.AppDir, "expect": o.Expect,
		"version-path": o.VersionPath, "static-path": o.StaticPath, "compose-file": o.ComposeFile,
		"pidfile": o.PIDFile, "timeout": o.Timeout, "theme": o.Theme,
	}
}

func (o options) switches() map[string]*bool {
	return map[string]*bool{"read-only": o.ReadOnly, "no-sudo": o.NoSudo, "no-memory": o.NoMemory, "ascii": o.ASCII, "accessible": o.Accessible}
}

func (s Settings) addFile(path string, content []byte, service string) error {
	var parsed file
	decoder := toml.NewDecoder(bytes.NewReader(content)).DisallowUnknownFields()
	if err := decoder.Decode(&parsed); err != nil && !errors.Is(err, io.EOF) {
		return describe(path, err)
	}
	s.add(parsed.options, path)
	if service == "" {
		service = s["service"].Value
	}
	for name, chosen := range parsed.Services {
		if chosen.Service != nil {
			return fmt.Errorf("%s: [services.%q] cannot name another service", path, name)
		}
		if service != "" && strings.TrimSuffix(name, ".service") == strings.TrimSuffix(service, ".service") {
			s.add(chosen, path)
		}
	}
	return nil
}

func (s Settings) add(said options, from string) {
	for name, value := range said.texts() {
		if value != nil {
			s[name] = Setting{*value, from}
		}
	}
	for name, value := range said.switches() {
		if value != nil {
			s[name] = Setting{fmt.Sprint(*value), from}
		}
	}
}

// addEnvironment takes FLASKTUI_APP_DIR and its like; ACCESSIBLE is a custom that other
// programs share. An empty variable says nothing.
func (s Settings) addEnvironment(getenv func(string) string) {
	if value := getenv("ACCESSIBLE"); value != "" {
		s["accessible"] = Setting{fmt.Sprint(value != "0" && value != "false"), "ACCESSIBLE"}
	}
	for _, name := range Names() {
		variable := "FLASKTUI_" + strings.ToUpper(strings.ReplaceAll(name, "-", "_"))
		if value := getenv(variable); value != "" {
			s[name] = Setting{value, variable}
		}
	}
}

// describe says where in the file the mistake is, in one line.
func describe(path string, err error) error {
	var strict *toml.StrictMissingError
	if errors.As(err, &strict) && len(strict.Errors) > 0 {
		first := strict.Errors[0]
		line, column := first.Position()
		return fmt.Errorf("%s:%d:%d: there is no setting %q", path, line, column, strings.Join(first.Key(), "."))
	}
	var decode *toml.DecodeError
	if errors.As(err, &decode) {
		line, column := decode.Position()
		return fmt.Errorf("%s:%d:%d: %s", path, line, column, strings.TrimPrefix(decode.Error(), "toml: "))
	}
	return fmt.Errorf("%s: %w", path, err)
}
