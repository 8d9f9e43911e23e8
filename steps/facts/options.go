package facts

import "time"

// Options is what a person may say about the box; all of it is optional.
type Options struct {
	// Service is a unit name, with or without ".service", "compose:PROJECT/SERVICE",
	// "compose:PROJECT/SERVICE@USER" in a user's own Docker, "supervisor:PROGRAM", or "pid:N"
	// for a server that nothing manages.
	Service string `json:"service,omitempty"`
	// URL is where the public asks for the site.
	URL string `json:"url,omitempty"`
	// AppDir is where the deploy puts the new code.
	AppDir string `json:"app_dir,omitempty"`
	// Expect names the release that ought to be live: a commit, a release directory's
	// name or a marker value, compared by prefix.
	Expect string `json:"expect,omitempty"`
	// VersionPath and StaticPath are asked of the site; empty means the usual places.
	VersionPath string        `json:"version_path,omitempty"`
	StaticPath  string        `json:"static_path,omitempty"`
	ComposeFile string        `json:"compose_file,omitempty"`
	PIDFile     string        `json:"pid_file,omitempty"`
	Timeout     time.Duration `json:"timeout"`
	// Editor is the person's own ($VISUAL, $EDITOR), for the fixes that open one.
	Editor string `json:"editor,omitempty"`
	// ReadOnly blocks every fix.
	ReadOnly bool `json:"read_only,omitempty"`
}

// DefaultTimeout bounds a whole look at a box.
const DefaultTimeout = 10 * time.Second

// DefaultVersionPath is where a release marker usually is: the guide's step 14.
const DefaultVersionPath = "/version"
