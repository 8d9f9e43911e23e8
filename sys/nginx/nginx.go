// Package nginx reads Nginx's configuration as Nginx does, and answers from it where a
// request goes.
//
// It knows sys, and supervisord where that runs Nginx. Begin with Config, then dump.go and parse.go (from `nginx -T` to servers), route.go
// (which server and location a request meets) and run.go (what the running one was told).
package nginx

import (
	"strings"

	"flasktui/sys"
)

// Config is the configuration on disk, as `nginx -T` prints it: the running Nginx
// may hold another one (G28).
type Config struct {
	Servers   []Server   `json:"servers"`
	Upstreams []Upstream `json:"upstreams"`
	// Files are those that the configuration is made of, in the order of reading.
	Files []string `json:"files"`
	// Warnings are the [warn] lines of the test, and Failure the [emerg] lines of a
	// configuration that was refused (the rest is then empty).
	Warnings []sys.Text `json:"warnings"`
	Failure  sys.Text   `json:"failure,omitempty"`
	// FailureFile and FailureLine are where the test says that it went wrong.
	FailureFile string `json:"failure_file,omitempty"`
	FailureLine int    `json:"failure_line,omitempty"`
	// Untested says why `nginx -t` was not run: the files were read one by one instead.
	Untested sys.Text `json:"untested,omitempty"`
	// Started is the Nginx that runs, where it is another than the one of PATH, and PID its
	// master; nil and 0 for that one.
	Started *Installation `json:"started,omitempty"`
	PID     int           `json:"pid,omitempty"`
	// WorkerShutdownTimeout is empty where unset (G29).
	WorkerShutdownTimeout string `json:"worker_shutdown_timeout,omitempty"`
	// CachePaths maps a keys_zone to its proxy_cache_path directory (G34).
	CachePaths map[string]string `json:"cache_paths,omitempty"`
}

// NameConflict is the warning of a server block that Nginx ignores, as another one has its
// name at the same address; empty for none. Nginx (ngx_http_server_names) writes it so.
func (config Config) NameConflict() sys.Text {
	for _, warning := range config.Warnings {
		if strings.HasPrefix(string(warning), "conflicting server name ") {
			return warning
		}
	}
	return ""
}

// Server is one server block.
type Server struct {
	File string `json:"file"`
	Line int    `json:"line"`
	// OnLine counts the blocks that were read before it from the same line of the file.
	OnLine    int        `json:"on_line,omitempty"`
	Names     []string   `json:"names"`
	Listens   []Listen   `json:"listens"`
	Locations []Location `json:"locations"`
	// Return is the argument of a server-wide `return` (a redirect to https, say).
	Return string `json:"return,omitempty"`
}

// Is tells whether two are one block of one configuration: several may begin on one line.
func (server Server) Is(other Server) bool {
	return server.File == other.File && server.Line == other.Line && server.OnLine == other.OnLine
}

// Listen is one listen directive for TCP or a Unix socket. Address is "*:port",
// "host:port", "[::]:port" or "unix:path"; a bare port or host is completed.
type Listen struct {
	Address string `json:"address"`
	TLS     bool   `json:"tls,omitempty"`
	Default bool   `json:"default,omitempty"`
	// ProxyProtocol says that it closes every connection that does not begin with a
	// PROXY header, which a balancer before it writes.
	ProxyProtocol bool `json:"proxy_protocol,omitempty"`
}

// Location is one location with what is in force in it, inherited directives
// included; nested locations stand beside their parents. The server block itself
// comes last, as a location with an empty Match and Path "/", where a root is in force
// in it: it serves what no location matches.
type Location struct {
	File  string `json:"file"`
	Line  int    `json:"line"`
	Match string `json:"match"` // "", "=", "^~", "~", "~*", "@"
	Path  string `json:"path"`
	// Pass is the argument of proxy_pass (uwsgi_pass and grpc_pass are named in
	// PassKind), with the file and line it stands in.
	Pass     string `json:"pass,omitempty"`
	PassKind string `json:"pass_kind,omitempty"`
	PassFile string `json:"pass_file,omitempty"`
	PassLine int    `json:"pass_line,omitempty"`
	// Passes is all that Pass can come to where variables stand in it, each of which only
	// constants are given to; empty where one may hold anything, and where there is none.
	Passes []string `json:"passes,omitempty"`
	// Headers are those constant ones that tell the app below which path it is mounted.
	Headers map[string]string `json:"headers,omitempty"`
	// Rewrite is the expression, and its replacement, by which the path is changed before the
	// request is handed on; empty for none.
	Rewrite []string `json:"rewrite,omitempty"`
	Root    string   `json:"root,omitempty"`
	Alias   string   `json:"alias,omitempty"`
	// AliasPath is what Alias stands for: the Path of the location that sets it, which
	// a location nested in that one keeps. It is empty for a regular expression, whose
	// alias is the whole file name.
	AliasPath string `json:"alias_path,omitempty"`
	// RootFile and RootLine locate whichever of Root and Alias is in force.
	RootFile     string   `json:"root_file,omitempty"`
	RootLine     int      `json:"root_line,omitempty"`
	TryFiles     []string `json:"try_files,omitempty"`
	GzipStatic   bool     `json:"gzip_static,omitempty"`
	BrotliStatic bool     `json:"brotli_static,omitempty"`
	ProxyCache   string   `json:"proxy_cache,omitempty"`
	// ProxyCacheSeconds is the longest that proxy_cache_valid has an answer kept.
	ProxyCacheSeconds int    `json:"proxy_cache_seconds,omitempty"`
	OpenFileCache     bool   `json:"open_file_cache,omitempty"`
	Expires           string `json:"expires,omitempty"`
	// Resolver is set where names are resolved again while Nginx runs (G30).
	Resolver bool   `json:"resolver,omitempty"`
	Return   string `json:"return,omitempty"`
	// NotFound is where error_page sends a request for a file that is not there: "@app" or
	// a path.
	NotFound string `json:"not_found,omitempty"`
	// Unread is a directive by which something else may answer than what is read here: a
	// condition, a rewrite, a script. Empty for none.
	Unread string `json:"unread,omitempty"`
	// Inside is 1 and the index of the location that this one is nested in; 0 where
	// it runs in the server block.
	Inside int `json:"inside,omitempty"`
}

// Upstream is one upstream block.
type Upstream struct {
	Name    string           `json:"name"`
	File    string           `json:"file"`
	Line    int              `json:"line"`
	Servers []UpstreamServer `json:"servers"`
}

// UpstreamServer is one server in an upstream block.
type UpstreamServer struct {
	Address string `json:"address"` // "unix:/run/shop.sock", "127.0.0.1:8000", "app:8000"
	Line    int    `json:"line"`
	Down    bool   `json:"down,omitempty"`
	Backup  bool   `json:"backup,omitempty"`
	// Resolve: Nginx asks for the name's addresses again while it runs.
	Resolve bool `json:"resolve,omitempty"`
}
