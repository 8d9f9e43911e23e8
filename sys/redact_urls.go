package sys

import "strings"

// maskUserinfo masks "user:password@" in URLs, and a token that stands alone before "@".
// A plain user name, as in ssh://git@host, stays.
func maskUserinfo(text string) string {
	var out strings.Builder
	for {
		at := strings.Index(text, "://")
		if at < 0 {
			out.WriteString(text)
			return out.String()
		}
		scheme := schemeBefore(text, at)
		at += len("://")
		out.WriteString(text[:at])
		text = text[at:]
		const longest = 2048
		end := strings.IndexAny(text[:min(longest, len(text))], " \n\"'<>`")
		if end < 0 {
			end = min(longest, len(text))
		}
		length := userinfoLength(text[:end])
		if length == 0 && !hasPaths(scheme) {
			length = logonLength(text[:end])
		}
		if length > 0 {
			out.WriteString(Mask)
			text = text[length:]
		}
	}
}

// userinfoLength is the length of secret userinfo at the start of what follows "://". A
// password that was not percent-encoded may hold "/" and "@"; a port may not.
func userinfoLength(rest string) int {
	last := strings.LastIndexByte(rest, '@')
	if next := strings.Index(rest, "://"); next >= 0 && next < last {
		last = strings.LastIndexByte(rest[:next], '@')
	}
	if last <= 0 {
		return 0
	}
	info := rest[:last]
	if info == Mask {
		return 0
	}
	user, password, hasPassword := strings.Cut(info, ":")
	if strings.ContainsAny(user, "/?#") {
		return 0
	}
	if !hasPassword {
		if len(user) >= 16 && strings.ContainsAny(user, "0123456789") {
			return last
		}
		return 0
	}
	port, _, hasPath := strings.Cut(password, "/")
	if hasPath && strings.Trim(port, "0123456789") == "" {
		return 0
	}
	return last
}

// schemeBefore is the scheme of the URL whose "://" stands at an offset.
func schemeBefore(text string, at int) string {
	from := at
	for from > 0 && (isNameByte(text[from-1]) || text[from-1] == '+') {
		from--
	}
	return asciiLower(text[from:at])
}

// hasPaths tells the schemes in which a "/" before an "@" belongs to a path, as in
// https://host/@user and docker://image@sha256:….
func hasPaths(scheme string) bool {
	for _, prefix := range []string{"http", "ws", "file", "unix", "git", "ssh", "docker", "oci", "container", "npm", "pkg", "s3", "gs", "svn", "hg", "data"} {
		if strings.HasPrefix(scheme, prefix) {
			return true
		}
	}
	return scheme == ""
}

// logonLength is the length of Oracle's "user/password" before an "@", and 0 where there is
// none.
func logonLength(rest string) int {
	at := strings.IndexByte(rest, '@')
	if at <= 0 || strings.HasPrefix(rest[at:], "@sha256:") {
		return 0
	}
	user, password, found := strings.Cut(rest[:at], "/")
	if !found || user == "" || password == "" || strings.ContainsAny(rest[:at], "/?#:") && strings.Count(rest[:at], "/") != 1 {
		return 0
	}
	return at
}

// maskLogons masks user:password@ and user/password@ in the names of data sources that are
// no URLs: Go's for MySQL, Oracle's for Java.
func maskLogons(text string) string {
	for _, marker := range []string{"@tcp(", "@unix(", "@//", "@(DESCRIPTION"} {
		if !strings.Contains(text, marker) {
			continue
		}
		var out strings.Builder
		for {
			at := strings.Index(text, marker)
			if at < 0 {
				break
			}
			begin := strings.LastIndexAny(text[:at], " \n\"'`=<>") + 1
			if thin := strings.LastIndex(text[begin:at], "thin:"); thin >= 0 {
				begin += thin + len("thin:")
			}
			if !strings.ContainsAny(text[begin:at], ":/") {
				begin = at
			}
			out.WriteString(text[:begin])
			if begin < at {
				out.WriteString(Mask)
			}
			out.WriteString(marker)
			text = text[at+len(marker):]
		}
		out.WriteString(text)
		text = out.String()
	}
	return text
}
