package sys

import (
	"bufio"
	"io"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
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

// FuseOwner is the user who mounted the FUSE file system of a device, by proc_pid_mountinfo(5)
// and mount.fuse(8); known is false where no such mount is seen.
//
//	52 29 0:46 / /srv/app/data rw - fuse.bindfs /x rw,user_id=1000,group_id=1000,allow_other
func FuseOwner(mounts io.Reader, device uint64) (uid uint32, known bool) {
	lines := bufio.NewScanner(mounts)
	const longest = 1 << 20
	lines.Buffer(nil, longest)
	for lines.Scan() {
		before, after, _ := strings.Cut(lines.Text(), " - ")
		fields, options := strings.Fields(before), strings.Fields(after)
		const number = 2
		if len(fields) <= number || len(options) <= number || deviceNumber(fields[number]) != device {
			continue
		}
		for option := range strings.SplitSeq(options[number], ",") {
			if text, is := strings.CutPrefix(option, "user_id="); is {
				parsed, err := strconv.ParseUint(text, 10, 32)
				return uint32(parsed), err == nil
			}
		}
	}
	return 0, false
}

// deviceNumber reads "0:46"; zero, which no file system has, for anything else.
func deviceNumber(text string) uint64 {
	major, minor, _ := strings.Cut(text, ":")
	high, highErr := strconv.ParseUint(major, 10, 32)
	low, lowErr := strconv.ParseUint(minor, 10, 32)
	if highErr != nil || lowErr != nil {
		return 0
	}
	return unix.Mkdev(uint32(high), uint32(low))
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
