package record

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"

	"flasktui/steps/facts"
	"flasktui/sys"
)

// Who acts.
type Who struct {
	User      string
	UID       int
	LoginUser string
}

// Self is who runs this process.
func Self(getenv func(string) string) Who {
	who := Who{UID: os.Getuid(), User: strconv.Itoa(os.Getuid())}
	if account, err := user.Current(); err == nil {
		who.User = account.Username
	}
	if login := getenv("SUDO_USER"); login != "" && who.UID == 0 {
		who.LoginUser = login
	}
	return who
}

// Path is where the record of a user is kept.
func Path(who Who, getenv func(string) string) string {
	if who.UID == 0 {
		return facts.ActionsRecord
	}
	return filepath.Join(getenv("HOME"), ".local", "state", "flasktui", "actions.jsonl")
}

var (
	errNotOurs  = errors.New("belongs to another user")
	errShared   = errors.New("others may write to it")
	errNotPlain = errors.New("is not a plain file")
)

// open opens the record for appending. Root may be told to write in a directory that
// others prepared, so nothing is followed and everything is looked at once it is open.
func open(path string) (*os.File, error) {
	if !filepath.IsAbs(path) {
		return nil, fmt.Errorf("%s: no home directory to keep it in", path)
	}
	directory, err := openDirectory(filepath.Dir(path))
	if err != nil {
		return nil, err
	}
	defer func() { _ = directory.Close() }()
	file, err := directory.OpenFile(filepath.Base(path), os.O_WRONLY|os.O_APPEND|os.O_CREATE|syscall.O_NOFOLLOW|syscall.O_NONBLOCK, 0o600)
	if err != nil {
		return nil, err
	}
	info, err := file.Stat()
	if err == nil {
		err = trusted(info, 0)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", path, err), file.Close())
	}
	return file, nil
}

// openDirectory makes the record's directory where it is missing, and holds it.
func openDirectory(path string) (*os.Root, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, err
	}
	parent, err := sys.OpenDirectory(filepath.Dir(path))
	if err != nil {
		return nil, err
	}
	defer func() { _ = parent.Close() }()
	name := filepath.Base(path)
	if err := parent.Mkdir(name, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, err
	}
	info, err := parent.Lstat(name)
	if err == nil {
		err = trusted(info, fs.ModeDir)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	directory, err := parent.OpenRoot(name)
	if err != nil {
		return nil, err
	}
	if opened, err := directory.Stat("."); err != nil || !os.SameFile(info, opened) {
		return nil, errors.Join(fmt.Errorf("%s: %w", path, errNotPlain), err, directory.Close())
	}
	return directory, nil
}

// trusted tells whether a file or directory is of the wanted type, ours, and ours alone
// to write.
func trusted(info fs.FileInfo, wanted fs.FileMode) error {
	if info.Mode().Type() != wanted {
		return errNotPlain
	}
	if owner, ok := info.Sys().(*syscall.Stat_t); !ok || int(owner.Uid) != os.Geteuid() {
		return errNotOurs
	}
	if info.Mode().Perm()&0o022 != 0 {
		return errShared
	}
	return nil
}
