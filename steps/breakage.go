package steps

import "flasktui/sys"

// breakage is the hop at which a cause breaks the path, and what is to be said there in
// place of the hop's own detail, or with more behind it; empty where that says it already.
type breakage struct {
	hop   string
	words sys.Text
	more  sys.Text
}

func (place breakage) tell(detail sys.Text) sys.Text {
	switch {
	case place.words != "":
		return place.words
	case place.more != "" && detail != "":
		return detail + ", " + place.more
	}
	return detail + place.more
}

func brokenAt(cause string) breakage {
	switch cause {
	case "cache-serves-old":
		return breakage{hop: "cache", words: "answers with an old copy in place of the app"}
	case "static-stale":
		return breakage{hop: "nginx", words: "serves static files of another release"}
	case "nginx-wrong-upstream":
		return breakage{hop: "nginx", more: "not to this service"}
	case "nginx-not-reloaded":
		return breakage{hop: "nginx", words: "runs an older configuration than the disk has"}
	case "nginx-config-invalid":
		return breakage{hop: "nginx", words: "refuses the configuration on disk"}
	case "nginx-stale-address":
		return breakage{hop: "nginx", words: "holds an old address of its upstream"}
	case "wrong-service", "orphan-gunicorn":
		return breakage{hop: "socket"}
	case "service-failed", "release-dir-deleted":
		return breakage{hop: "master"}
	case "hup-with-preload":
		return breakage{hop: "master", words: "holds the old code that it preloaded"}
	case "container-stale":
		return breakage{hop: "master", words: "its container is not what is on disk"}
	case "service-not-restarted", "mixed-workers":
		return breakage{hop: "workers"}
	case "templates-cached":
		return breakage{hop: "workers", words: "hold older templates in memory"}
	case "stale-bytecode":
		return breakage{hop: "workers", words: "run bytecode older than its source"}
	case "installed-package-shadows-checkout":
		return breakage{hop: "workers", words: "import the app from another tree"}
	case "env-not-reloaded":
		return breakage{hop: "workers", words: "have an older environment than the disk"}
	case "background-workers-stale":
		return breakage{hop: "workers", more: "background workers do not"}
	case "daemon-reload-needed":
		return breakage{hop: "unit", words: "systemd holds an older unit than the disk"}
	case "unit-change-not-applied":
		return breakage{hop: "unit", words: "the process was started from an older unit"}
	case "unit-points-to-old-path":
		return breakage{hop: "unit", words: "starts another release or tree"}
	case "symlink-not-switched":
		return breakage{hop: "directory", more: "and a newer release is there"}
	case "symlink-broken":
		return breakage{hop: "directory", more: "and the link is broken"}
	case "deployed-elsewhere":
		return breakage{hop: "release", words: "the deploy puts new code elsewhere"}
	}
	return breakage{}
}
