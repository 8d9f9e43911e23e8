package practice

import (
	"fmt"
	"net/http"
	"net/netip"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"
)

// serve is what the running Nginx does with a request at one of its addresses.
func (n *runningNginx) serve(address netip.AddrPort, request *http.Request) answer {
	host, _, _ := strings.Cut(request.Host, ":")
	server := n.config.server(address, host)
	if server == nil {
		return n.finish(nil, errorPage(http.StatusNotFound))
	}
	location := server.choose(request.URL.Path)
	if given, ok := n.try(server, location, request); ok {
		return given
	}
	switch {
	case location.status != "":
		return n.finish(location, n.returned(location.status))
	case location.pass != "":
		return n.proxy(location, request)
	}
	return n.finish(location, n.static(location, request))
}

// server chooses by address and name; the default is the one that says so, else the
// first.
func (c *nginxConfig) server(address netip.AddrPort, host string) *nginxServer {
	var fallback *nginxServer
	for _, each := range c.servers {
		if !slices.Contains(each.listens, address) {
			continue
		}
		if slices.Contains(each.names, host) {
			return each
		}
		if fallback == nil || each.fallback && !fallback.fallback {
			fallback = each
		}
	}
	return fallback
}

// try is try_files in its usual form: the file if there is one, else a named location.
func (n *runningNginx) try(server *nginxServer, location *nginxLocation, request *http.Request) (answer, bool) {
	if len(location.tryFiles) == 0 {
		return answer{}, false
	}
	if given := n.static(location, request); given.status == http.StatusOK {
		return n.finish(location, given), true
	}
	next := server.named(location.tryFiles[len(location.tryFiles)-1])
	if next == nil || next.pass == "" {
		return n.finish(location, errorPage(http.StatusNotFound)), true
	}
	return n.proxy(next, request), true
}

// proxy asks one of the location's backends, each in turn, through its cache if any.
func (n *runningNginx) proxy(location *nginxLocation, request *http.Request) answer {
	if location.cache != "" {
		return n.proxyCached(location, request)
	}
	return n.finish(location, n.ask(location, request))
}

func (n *runningNginx) ask(location *nginxLocation, request *http.Request) answer {
	for range location.backends {
		location.turn++
		target := location.backends[location.turn%len(location.backends)]
		var found *socket
		var err error
		if target.unix != "" {
			found, err = n.box.connectUnix(target.unix)
		} else {
			found, err = n.box.connectTCP(target.address)
		}
		if err == nil && found.answer != nil {
			return found.answer(request)
		}
		where := "http://" + target.address.String()
		if target.unix != "" {
			where = "http://unix:" + target.unix + ":"
		}
		n.box.appendErrorLog(fmt.Sprintf("[error] *%d connect() to %s failed (%s) while connecting to upstream, client: 127.0.0.1, server: %s, request: \"GET %s HTTP/1.1\"",
			n.box.turn, strings.TrimPrefix(where, "http://"), "111: Connection refused", request.Host, request.URL.Path))
	}
	return errorPage(http.StatusBadGateway)
}

// static serves a file, a directory's index.html, or the .gz of either where gzip_static is
// on and the client takes it.
func (n *runningNginx) static(location *nginxLocation, request *http.Request) answer {
	name := location.file(path.Clean(request.URL.Path))
	if strings.HasSuffix(request.URL.Path, "/") {
		name = path.Join(name, "index.html")
	}
	found := n.box.find(name)
	if found == nil || !found.mode.IsRegular() {
		return errorPage(http.StatusNotFound)
	}
	given := plainAnswer(http.StatusOK, contentType(name), "")
	if packed := n.box.find(name + ".gz"); location.gzipStatic && packed != nil && strings.Contains(request.Header.Get("Accept-Encoding"), "gzip") {
		found = packed
		given.header.Set("Content-Encoding", "gzip")
	}
	given.body = found.content
	given.header.Set("Last-Modified", found.modified.UTC().Format(http.TimeFormat))
	given.header.Set("ETag", fmt.Sprintf("\"%x-%x\"", found.modified.Unix(), len(found.content)))
	given.header.Set("Accept-Ranges", "bytes")
	if location.expires != "" {
		given.header.Set("Cache-Control", "max-age="+strconv.Itoa(int(expiry(location.expires).Seconds())))
	}
	return given
}

// expiry reads a time such as 30d, 10m or 45s.
func expiry(text string) time.Duration {
	if days, ok := strings.CutSuffix(text, "d"); ok {
		count, _ := strconv.Atoi(days)
		return time.Duration(count) * 24 * time.Hour
	}
	length, _ := time.ParseDuration(text)
	return length
}

// finish adds what the location adds to answers.
func (n *runningNginx) finish(location *nginxLocation, given answer) answer {
	given.header = given.header.Clone()
	given.header.Set("Server", "nginx/1.26.3")
	if location != nil {
		for _, header := range location.headers {
			text := strings.ReplaceAll(header[1], "$upstream_cache_status", given.header.Get(cacheState))
			if text != "" {
				given.header.Set(header[0], text)
			}
		}
	}
	given.header.Del(cacheState)
	return given
}

func (n *runningNginx) returned(text string) answer {
	words := strings.SplitN(text, " ", 2)
	status, _ := strconv.Atoi(words[0])
	given := errorPage(status)
	if len(words) == 2 {
		if status >= 300 && status < 400 {
			given.header.Set("Location", words[1])
		} else {
			given = plainAnswer(status, "text/plain", words[1])
		}
	}
	return given
}

func errorPage(status int) answer {
	title := fmt.Sprintf("%d %s", status, http.StatusText(status))
	return plainAnswer(status, "text/html", "<html>\r\n<head><title>"+title+"</title></head>\r\n<body>\r\n<center><h1>"+
		title+"</h1></center>\r\n<hr><center>nginx/1.26.3</center>\r\n</body>\r\n</html>\r\n")
}
