package facts

import (
	"bytes"
	"context"
	"path"
	"regexp"
	"strings"
	"sync"

	"flasktui/sys"
)

// readAppSwitches looks, in the few files where apps set themselves up, for what decides
// whether a change needs a restart: templates that are read again for each request (G13),
// a .env that is read at import (G16); and the release that they call themselves by.
func (look *look) readAppSwitches(ctx context.Context, known *Facts, code *Code) {
	if main, ok := known.Main(); ok {
		for _, name := range []string{"TEMPLATES_AUTO_RELOAD", "FLASK_DEBUG", "FLASK_TEMPLATES_AUTO_RELOAD"} {
			code.AutoReloadTemplates = code.AutoReloadTemplates || isOn(main.Master.Shown[name])
		}
	}
	if code.Import.File == "" {
		return
	}
	names := []string{path.Base(code.Import.File), "config.py", "settings.py", "__init__.py", "app.py", "version.py", "_version.py", "__version__.py"}
	for index, name := range names {
		if index > 0 && name == names[0] {
			continue
		}
		content, err := look.machine.ReadFile(ctx, path.Join(path.Dir(code.Import.File), name), 1<<20)
		if err != nil {
			continue
		}
		for _, found := range versionConstant().FindAllSubmatch(content, -1) {
			code.Constants = append(code.Constants, string(sys.Safe(string(found[1]))))
		}
		for line := range bytes.Lines(content) {
			code.readSwitch(strings.ReplaceAll(strings.TrimSpace(string(line)), " ", ""))
		}
	}
}

// versionConstant is a release that stands in the source as a constant.
var versionConstant = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?im)^(?:__version__|(?:[a-z]+_)?(?:version|release|revision|build))[ \t]*(?::[ \t]*str[ \t]*)?=[ \t]*["']([^"'\n]{1,120})["']`)
})

// readSwitch reads one line of Python, without its spaces.
func (code *Code) readSwitch(line string) {
	if strings.HasPrefix(line, "#") {
		return
	}
	if strings.Contains(line, "TEMPLATES_AUTO_RELOAD") && strings.Contains(line, "True") || strings.Contains(line, ".auto_reload=True") {
		code.AutoReloadTemplates = true
	}
	if strings.Contains(line, "load_dotenv(") && !strings.HasPrefix(line, "def") {
		code.LoadsDotEnv = true
	}
}

func isOn(value string) bool {
	switch strings.ToLower(value) {
	case "1", "true", "yes", "on":
		return true
	}
	return false
}
