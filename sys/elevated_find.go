package sys

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// foundPath is what find says of one path.
type foundPath struct {
	info   FileInfo
	target string
	// requested marks the path that a listing was asked of, which is followed if it is
	// a link.
	requested bool
}

// statFormat prints the fields that parseFound reads, each ended by NUL. What find(1) has
// for the time of birth is empty on Linux; stat(1) knows it.
const (
	statFormat  = `%p\0%y\0%m\0%s\0%U\0%G\0%D\0%i\0%T@\0%C@\0%l\0`
	statFields  = 11
	birthFormat = `%n\0%.9W\0`
	birthFields = 2
)

// statExpression makes find print by a format of its own and have stat print births, each
// record behind a separator that no path holds.
func statExpression(separator, depth, format string) []string {
	return []string{
		"-maxdepth", depth, "-printf", separator + "f" + format,
		"-exec", "stat", "--printf=" + separator + "b" + birthFormat, "--", "{}", "+",
	}
}

func (r *elevatedReads) answerStats(ctx context.Context, requests []*request[foundPath]) {
	separator := rand.Text()
	output := find(ctx, r.local, "-P", requests, statExpression(separator, "0", statFormat)...)
	_, found := parseFound(output.Stdout, separator, 0)
	for _, wanted := range requests {
		var ok bool
		if wanted.value, ok = found[wanted.path]; ok {
			continue
		}
		if wanted.err = missing(output, wanted.path); wanted.err == nil {
			wanted.err = errNothingSaid("stat", wanted.path)
		}
	}
}

func errNothingSaid(operation, path string) error {
	return &fs.PathError{Op: operation, Path: path, Err: errors.New("find said nothing of it")}
}

// parseFound reads the records of statExpression: what find says of each path, and, where
// a format begins with that many fields more, those. Records that make no sense are
// passed over.
func parseFound(raw []byte, separator string, more int) (extra map[string][]string, found map[string]foundPath) {
	extra, found = map[string][]string{}, map[string]foundPath{}
	births := map[string]time.Time{}
	for record := range strings.SplitSeq(string(raw), separator) {
		kind, rest := firstByte(record)
		fields := strings.Split(rest, "\x00")
		switch {
		case kind == 'f' && len(fields) > more+statFields:
			path := fields[more]
			if what, ok := parseFoundFields(fields[more:]); ok {
				found[path], extra[path] = what, fields[:more]
			}
		case kind == 'b' && len(fields) > birthFields:
			births[fields[0]] = findTime(fields[1])
		}
	}
	for path, what := range found {
		what.info.Born = births[path]
		found[path] = what
	}
	return extra, found
}

func firstByte(text string) (byte, string) {
	if text == "" {
		return 0, ""
	}
	return text[0], text[1:]
}

func parseFoundFields(fields []string) (foundPath, bool) {
	number := func(i, base, bits int) uint64 {
		value, err := strconv.ParseUint(fields[i], base, bits)
		if err != nil {
			return 0
		}
		return value
	}
	size, err := strconv.ParseInt(fields[3], 10, 64)
	if err != nil {
		return foundPath{}, false
	}
	return foundPath{
		info: FileInfo{
			Mode: findType(fields[1]) | findPermissions(number(2, 8, 12)),
			Size: size,
			UID:  uint32(number(4, 10, 32)), GID: uint32(number(5, 10, 32)), //nolint:gosec // parsed as 32 bits
			Device: number(6, 10, 64), Inode: number(7, 10, 64),
			Modified: findTime(fields[8]), Changed: findTime(fields[9]),
		},
		target: fields[10],
	}, true
}

func findPermissions(bits uint64) fs.FileMode {
	mode := fs.FileMode(bits & 0o777)
	for bit, flag := range map[uint64]fs.FileMode{0o4000: fs.ModeSetuid, 0o2000: fs.ModeSetgid, 0o1000: fs.ModeSticky} {
		if bits&bit != 0 {
			mode |= flag
		}
	}
	return mode
}

// findType reads the letter that find has for a type.
func findType(letter string) fs.FileMode {
	switch letter {
	case "f":
		return 0
	case "d":
		return fs.ModeDir
	case "l":
		return fs.ModeSymlink
	case "p":
		return fs.ModeNamedPipe
	case "s":
		return fs.ModeSocket
	case "b":
		return fs.ModeDevice
	case "c":
		return fs.ModeDevice | fs.ModeCharDevice
	default:
		return fs.ModeIrregular
	}
}

// findTime reads "seconds.fraction"; anything else, such as the birth time "0" or "-" of a
// file system that has none, is the zero time.
func findTime(text string) time.Time {
	whole, fraction, _ := strings.Cut(text, ".")
	seconds, err := strconv.ParseInt(whole, 10, 64)
	if err != nil || seconds <= 0 {
		return time.Time{}
	}
	nanoseconds, err := strconv.ParseInt((fraction + "000000000")[:9], 10, 64)
	if err != nil {
		return time.Time{}
	}
	return time.Unix(seconds, nanoseconds)
}

// listFormat prints depth, the directory asked for and the name, and then what statFormat
// prints.
const (
	listFormat = `%d\0%H\0%f\0` + statFormat
	listFields = 3
)

func (r *elevatedReads) answerLists(ctx context.Context, requests []*request[[]Entry]) {
	asked := time.Now()
	separator := rand.Text()
	output := find(ctx, r.local, "-H", requests, statExpression(separator, "1", listFormat)...)
	lists, found := parseLists(output.Stdout, separator)
	r.ahead.store(asked, found)
	for _, wanted := range requests {
		self, seen := found[wanted.path]
		wanted.value = lists[wanted.path]
		switch {
		case !seen:
			if wanted.err = missing(output, wanted.path); wanted.err == nil {
				wanted.err = errNothingSaid("readdir", wanted.path)
			}
		case !self.info.IsDir():
			wanted.err = &fs.PathError{Op: "readdir", Path: wanted.path, Err: syscall.ENOTDIR}
		case len(wanted.value) == 0:
			wanted.err = missing(output, wanted.path)
		}
	}
}

// parseLists reads listFormat: entries by directory, and what find says of each path. A
// directory that was asked for by a link is there as what the link leads to.
func parseLists(raw []byte, separator string) (lists map[string][]Entry, found map[string]foundPath) {
	lists = map[string][]Entry{}
	extra, found := parseFound(raw, separator, listFields)
	for path, what := range found {
		depth, directory, name := extra[path][0], extra[path][1], extra[path][2]
		if depth == "0" {
			what.requested = true
			found[path] = what
			continue
		}
		lists[directory] = append(lists[directory], Entry{Name: name, Type: what.info.Mode.Type()})
	}
	for _, entries := range lists {
		slices.SortFunc(entries, func(a, b Entry) int { return cmp.Compare(a.Name, b.Name) })
	}
	return lists, found
}

func (r *elevatedReads) answerFiles(ctx context.Context, requests []*request[[]byte]) {
	limit := int64(0)
	for _, wanted := range requests {
		limit = max(limit, wanted.limit)
	}
	// What a file holds must not be able to look like the beginning of the next one.
	separator := rand.Text()
	output := find(ctx, r.local, "-H", requests, "-maxdepth", "0", "-printf", separator+`%y%p\0`,
		"-type", "f", "-exec", "head", "-c", strconv.FormatInt(limit+1, 10), "--", "{}", ";")
	contents, types := parseFiles(output.Stdout, separator)
	for _, wanted := range requests {
		kind, seen := types[wanted.path]
		wanted.value = contents[wanted.path]
		switch {
		case seen && kind != 0:
			wanted.err = &fs.PathError{Op: "read", Path: wanted.path, Err: ErrNotRegular}
		case !seen || len(wanted.value) == 0:
			if wanted.err = missing(output, wanted.path); wanted.err == nil && !seen {
				wanted.err = errNothingSaid("read", wanted.path)
			}
		}
	}
}

// parseFiles takes apart "separator type path NUL content", repeated.
func parseFiles(raw []byte, separator string) (contents map[string][]byte, types map[string]fs.FileMode) {
	contents, types = map[string][]byte{}, map[string]fs.FileMode{}
	for part := range bytes.SplitSeq(raw, []byte(separator)) {
		head, content, ok := bytes.Cut(part, []byte{0})
		if !ok || len(head) < 2 {
			continue
		}
		path := string(head[1:])
		types[path] = findType(string(head[:1]))
		contents[path] = content
	}
	return contents, types
}
