package sys

import (
	"bufio"
	"io"
	"strconv"
	"strings"
)

// ParseRemoteMounts reads proc_pid_mountinfo(5) and returns the places of file systems whose
// answers come from another machine or from a program, either of which may stop answering:
//
//	36 35 98:0 /mnt1 /mnt\0402 rw,noatime master:1 - nfs4 server:/export rw
func ParseRemoteMounts(reader io.Reader) ([]string, error) {
	var places []string
	lines := bufio.NewScanner(reader)
	// Options may be long: every layer of an overlay is named in them.
	const longest = 1 << 20
	lines.Buffer(nil, longest)
	for lines.Scan() {
		before, after, ok := strings.Cut(lines.Text(), " - ")
		fields := strings.Fields(before)
		kind, _, _ := strings.Cut(after, " ")
		const place = 4
		if ok && len(fields) > place && remoteFileSystem(kind) {
			places = append(places, unescapeOctal(fields[place]))
		}
	}
	return places, lines.Err()
}

func remoteFileSystem(kind string) bool {
	kind, _, _ = strings.Cut(kind, ".")
	switch kind {
	case "fuse", "fuseblk", "nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "ceph", "lustre", "afs", "coda", "gfs2", "ocfs2", "autofs", "virtiofs":
		return true
	}
	return false
}

// unescapeOctal reads the kernel's way of writing blanks and backslashes.
func unescapeOctal(text string) string {
	var out strings.Builder
	for at := 0; at < len(text); at++ {
		if text[at] == '\\' && at+3 < len(text) {
			if code, err := strconv.ParseUint(text[at+1:at+4], 8, 8); err == nil {
				out.WriteByte(byte(code))
				at += 3
				continue
			}
		}
		out.WriteByte(text[at])
	}
	return out.String()
}
