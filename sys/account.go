package sys

import (
	"context"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Account is somebody whose rights a command may be held to.
type Account struct {
	UID uint32 `json:"uid"`
	// GID is the account's own group, which is not always that of its files.
	GID uint32 `json:"gid"`
	// Name and Home are empty where the box knows no account of that number.
	Name string `json:"name,omitempty"`
	Home string `json:"home,omitempty"`
}

// NoAccount is the uid and gid that Linux gives to what belongs to nobody it knows.
const NoAccount = 65534

// Nobody has no more rights than everybody has.
func Nobody() Account { return Account{UID: NoAccount, GID: NoAccount} }

// String is the account's name, or its number.
func (account Account) String() string {
	switch {
	case account.Name != "":
		return account.Name
	case account.UID == NoAccount:
		return "nobody"
	}
	return strconv.FormatUint(uint64(account.UID), 10)
}

// LookUpAccount asks the machine's own databases, which may be on a server, for the account
// of a number. One that nobody has is given no group and no home.
func LookUpAccount(ctx context.Context, machine Machine, uid uint32) (Account, error) {
	number := strconv.FormatUint(uint64(uid), 10)
	account, found, err := lookUp(ctx, machine, number)
	switch {
	case err != nil:
		return Account{}, err
	case !found:
		return Account{UID: uid, GID: NoAccount}, nil
	case account.UID != uid:
		return Account{}, fmt.Errorf("looking up user %d: not a line of passwd(5)", uid)
	}
	return account, nil
}

// LookUpName asks for the account of a name, or of a number.
func LookUpName(ctx context.Context, machine Machine, name string) (Account, error) {
	account, found, err := lookUp(ctx, machine, name)
	if err == nil && !found {
		err = fmt.Errorf("looking up user %s: there is none: %w", Safe(name), fs.ErrNotExist)
	}
	return account, err
}

func lookUp(ctx context.Context, machine Machine, key string) (account Account, found bool, err error) {
	const absent, fields = 2, 7
	if strings.HasPrefix(key, "-") {
		return Account{}, false, nil
	}
	output := machine.Run(ctx, Command{Argv: []string{"getent", "passwd", key}, Timeout: NameTimeout})
	if output.Exit == absent {
		return Account{}, false, nil
	}
	if output.Err != nil {
		return Account{}, false, fmt.Errorf("looking up user %s: %w", Safe(key), output.Err)
	}
	line, _, _ := strings.Cut(string(output.Stdout), "\n")
	parts := strings.Split(line, ":")
	if len(parts) < fields {
		return Account{}, false, fmt.Errorf("looking up user %s: not a line of passwd(5)", Safe(key))
	}
	uid, uidErr := strconv.ParseUint(parts[2], 10, 32)
	gid, gidErr := strconv.ParseUint(parts[3], 10, 32)
	if uidErr != nil || gidErr != nil {
		return Account{}, false, fmt.Errorf("looking up user %s: its user or group is no number", Safe(key))
	}
	account = Account{UID: uint32(uid), GID: uint32(gid), Name: string(Safe(parts[0]))}
	if path.IsAbs(parts[5]) {
		account.Home = parts[5]
	}
	return account, true, nil
}

// rights begin a command that has the account's rights and no more, also by no program that
// is set-uid (setpriv(1)). An account without a name is in no group. The command ends with
// whoever waits for it.
func (account Account) rights() []string {
	groups := "--clear-groups"
	if account.Name != "" {
		groups = "--init-groups"
	}
	number := func(id uint32) string { return strconv.FormatUint(uint64(id), 10) }
	return []string{
		"setpriv", "--reuid=" + number(account.UID), "--regid=" + number(account.GID), groups,
		"--no-new-privs", "--pdeathsig=KILL", "--",
	}
}

// become wraps a command that is to have an account's rights: in a session of its own, in
// which there is no terminal to type into, and with an environment in which nothing of the
// caller's is left. Root starts it in such a session; behind sudo, which stays in the
// caller's own for its tickets, it makes one.
func (l *Local) become(command Command) []string {
	argv := slices.Concat([]string{"env", "-i"}, environment(false, noVariables), lookingOnly(), command.Environment)
	if !l.startsSession(command) {
		argv = append(argv, "setsid", "--wait")
	}
	return slices.Concat(argv, command.As.rights(), command.Argv)
}

func (l *Local) startsSession(command Command) bool {
	return command.As != nil && l.uid == 0 && !command.Terminal && !command.Survive
}

// DeniedTo are those of some absolute paths that an account may not read, of directories also
// those that it may not enter. What is not there is denied to nobody. Where it cannot be asked
// as that account, for want of a right to, all of them are.
func DeniedTo(ctx context.Context, machine Machine, account Account, names ...string) []string {
	var denied, asked []string
	for _, name := range names {
		// A line of the answer is to be one name.
		if path.IsAbs(name) && !strings.Contains(name, "\n") {
			asked = append(asked, name)
		}
	}
	told := []string{}
	if len(asked) > 0 {
		output := machine.Run(ctx, Command{
			Argv: slices.Concat([]string{"find", "-L"}, asked, strings.Fields("-maxdepth 0 -readable ( ! -type d -o -executable ) -printf %p\\n")),
			As:   &account, Timeout: RootlessTimeout,
		})
		told = strings.Split(string(output.Stdout)+string(output.Stderr), "\n")
	}
	for _, name := range names {
		if !slices.Contains(told, name) && !slices.Contains(told, "find: '"+name+"': No such file or directory") {
			denied = append(denied, name)
		}
	}
	return denied
}

// RootlessTimeout is far above what a user's daemon takes for an answer.
const RootlessTimeout = 3 * time.Second

// NameTimeout bounds the look-up of one name: a resolver that hangs must not hold a look
// up for long.
const NameTimeout = 2 * time.Second
