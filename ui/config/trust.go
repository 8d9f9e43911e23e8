package config

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strconv"
	"syscall"
)

// fileLimit is far above any sensible configuration.
const fileLimit = 1 << 20

// TrustError means that a configuration file could have been written by somebody else.
type TrustError struct {
	Path    string
	Problem string
	// Hint is how to mend it.
	Hint string
}

func (e *TrustError) Error() string { return e.Path + ": " + e.Problem }

// readTrusted reads a configuration file that only root or the caller can have written:
// it names URLs that are asked and a Compose file that root's docker may read.
func readTrusted(path string, getenv func(string) string) (content []byte, err error) {
	// A FIFO would hold us up for ever without O_NONBLOCK.
	file, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, &TrustError{path, "is not a regular file", "name a file"}
	}
	if err := trusted(path, info, getenv); err != nil {
		return nil, err
	}
	content, err = io.ReadAll(io.LimitReader(file, fileLimit+1))
	if err != nil {
		return nil, err
	}
	if len(content) > fileLimit {
		return nil, fmt.Errorf("%s: longer than %d bytes", path, fileLimit)
	}
	return content, nil
}

func trusted(path string, info fs.FileInfo, getenv func(string) string) error {
	if info.Mode().Perm()&0o022 != 0 {
		return &TrustError{path, "others besides its owner may write to it, so it is not read", "chmod go-w " + path}
	}
	owner, known := info.Sys().(*syscall.Stat_t)
	if !known {
		return nil
	}
	if uid := int(owner.Uid); uid == 0 || uid == os.Geteuid() {
		return nil
	}
	// Who became root by sudo could do so anyway.
	if login, err := strconv.Atoi(getenv("SUDO_UID")); err == nil && os.Geteuid() == 0 && int(owner.Uid) == login {
		return nil
	}
	return &TrustError{path, "belongs to another user, so it is not read", "make it yours, or pass another with --config"}
}
