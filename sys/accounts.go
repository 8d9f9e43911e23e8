package sys

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Accounts are the users and groups that a box has in its own files (passwd(5), group(5)).
// Those of a directory service are not among them, and are told by their number.
type Accounts struct {
	names   map[uint32]string
	groups  map[uint32]string
	members map[uint32][]uint32
}

const accountsLimit = 4 << 20

// ReadAccounts reads /etc/passwd and /etc/group. Files that cannot be read leave numbers.
func ReadAccounts(ctx context.Context, machine Machine) Accounts {
	passwd, _ := machine.ReadFile(ctx, "/etc/passwd", accountsLimit)
	group, _ := machine.ReadFile(ctx, "/etc/group", accountsLimit)
	return ParseAccounts(string(passwd), string(group))
}

// ParseAccounts reads the two files.
func ParseAccounts(passwd, group string) Accounts {
	accounts := Accounts{map[uint32]string{}, map[uint32]string{}, map[uint32][]uint32{}}
	ids := map[string]uint32{}
	for line := range strings.Lines(passwd) {
		fields := strings.Split(strings.TrimSpace(line), ":")
		if len(fields) < 4 {
			continue
		}
		uid, isID := accountID(fields[2])
		gid, isGroup := accountID(fields[3])
		if !isID || !isGroup {
			continue
		}
		if _, known := accounts.names[uid]; !known {
			accounts.names[uid] = string(Safe(fields[0]))
		}
		ids[fields[0]] = uid
		accounts.members[gid] = append(accounts.members[gid], uid)
	}
	for line := range strings.Lines(group) {
		fields := strings.Split(strings.TrimSpace(line), ":")
		if len(fields) < 4 {
			continue
		}
		gid, isGroup := accountID(fields[2])
		if !isGroup {
			continue
		}
		accounts.groups[gid] = string(Safe(fields[0]))
		for name := range strings.SplitSeq(fields[3], ",") {
			if uid, known := ids[name]; known && !slices.Contains(accounts.members[gid], uid) {
				accounts.members[gid] = append(accounts.members[gid], uid)
			}
		}
	}
	return accounts
}

func accountID(text string) (id uint32, ok bool) {
	number, err := strconv.ParseUint(text, 10, 32)
	return uint32(number), err == nil
}

// User is a user's name, or the number where there is none.
func (accounts Accounts) User(uid uint32) string {
	if name, known := accounts.names[uid]; known {
		return name
	}
	return fmt.Sprintf("user %d", uid)
}

// Members are the users in a group; known is false for one that is not in the box's files.
func (accounts Accounts) Members(gid uint32) (users []uint32, known bool) {
	_, known = accounts.groups[gid]
	return accounts.members[gid], known
}

// InAny tells whether a user is in one of the groups that are called so.
func (accounts Accounts) InAny(uid uint32, names ...string) bool {
	for gid, members := range accounts.members {
		if slices.Contains(members, uid) && slices.Contains(names, accounts.groups[gid]) {
			return true
		}
	}
	return false
}
