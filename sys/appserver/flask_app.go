package appserver

import (
	"bytes"
	"context"
	"path"

	"flasktui/sys"
)

// FlaskStart is what decides where `flask run` takes its app from.
type FlaskStart struct {
	// Root is the file system of the process; Directory, in it, the one that it is started in.
	Root, Directory string
	// Named is --app as it was told; empty for none. Variables are those of its environment.
	Named     string
	Variables map[string]string
	// HasDotEnv tells whether python-dotenv is installed, without which Flask reads no .env.
	HasDotEnv func() bool
	// Read reads a file of the box, as far as whoever named it may.
	Read func(ctx context.Context, name string) ([]byte, error)
}

// FlaskApp follows flask/cli.py: --app, else FLASK_APP of the environment, else that of the next
// .env or .flaskenv upwards, else wsgi.py, else app.py. A file is imported by its name, with the
// packages that it is in, from the directory above them, which is put first on sys.path:
// pythonPath, empty where that is the one of the start.
func FlaskApp(ctx context.Context, machine sys.Machine, start FlaskStart) (module string, pythonPath []string) {
	named := start.Named
	if named == "" {
		named = start.Variables["FLASK_APP"]
	}
	if named == "" && start.Variables["FLASK_SKIP_DOTENV"] == "" {
		named = start.fromDotEnv(ctx)
	}
	exists := func(name string) bool {
		_, err := machine.Stat(ctx, start.Root+name)
		return err == nil
	}
	for _, usual := range []string{"wsgi.py", "app.py"} {
		if named == "" && exists(path.Join(start.Directory, usual)) {
			named = usual
		}
	}
	if named == "" {
		return "", nil
	}
	module, pythonPath = appByPath(named)
	directory := start.Directory
	if len(pythonPath) > 0 {
		directory = sys.AbsoluteFrom(start.Directory, pythonPath[0])
	}
	for directory != "/" && exists(path.Join(directory, "__init__.py")) {
		module, directory = path.Base(directory)+"."+module, path.Dir(directory)
		pythonPath = []string{directory}
	}
	return module, pythonPath
}

// fromDotEnv is FLASK_APP of the .env, else of the .flaskenv, that is next in the directory of the
// start or above it, where Flask reads them.
func (start FlaskStart) fromDotEnv(ctx context.Context) string {
	const furthest = 16
	for _, name := range []string{".env", ".flaskenv"} {
		directory := start.Directory
		for range furthest {
			text, err := start.Read(ctx, start.Root+path.Join(directory, name))
			if err == nil {
				values, err := sys.ParseEnvironmentFile(bytes.NewReader(text))
				if app := values["FLASK_APP"]; err == nil && app != "" && start.HasDotEnv() {
					return app
				}
				break
			}
			if directory == "/" {
				break
			}
			directory = path.Dir(directory)
		}
	}
	return ""
}
