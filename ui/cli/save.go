package cli

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"flasktui/steps"
	"flasktui/steps/report"
	"flasktui/sys"
	"flasktui/ui/render"
)

func (r *run) saveFacts(examination steps.Examination, path string) error {
	var facts bytes.Buffer
	if err := r.Engine.Save(examination, &facts); err != nil {
		return fmt.Errorf("save the facts: %w", err)
	}
	if err := writePrivate(path, facts.Bytes()); err != nil {
		return fail("save the facts: %v", err).with(hintOf(err), "name a file in a directory that you may write to")
	}
	return nil
}

// factsLimit is far above what a look at a big box takes.
const factsLimit = 64 << 20

func (r *run) judgeFacts(path string) (examination steps.Examination, err error) {
	// A FIFO that nobody writes to would hold us up for ever without O_NONBLOCK.
	file, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return steps.Examination{}, fail("--from %s: %v", path, errors.Unwrap(err)).with("name a file that `flasktui check --save FILE` wrote")
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	examination, err = r.Engine.Judge(io.LimitReader(file, factsLimit))
	if other := (*steps.OtherVersionError)(nil); errors.As(err, &other) {
		return steps.Examination{}, fail("--from %s: %v", path, other).with("look again with this version: `flasktui check --save FILE`")
	}
	if err != nil {
		return steps.Examination{}, fail("--from %s: %v", path, err).with("name a file that `flasktui check --save FILE` wrote")
	}
	return examination, nil
}

// writePrivate puts a file in place in one go, for its owner's eyes alone. Nothing but a
// plain file is replaced: root may have been led to a link or a device.
func writePrivate(path string, content []byte) (err error) {
	directory, err := sys.OpenDirectory(filepath.Dir(path))
	if errors.Is(err, sys.ErrLedAway) {
		return fail("%v", err).with("name a file in a directory that is root's")
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, directory.Close()) }()
	name := filepath.Base(path)
	if info, err := directory.Lstat(name); err == nil && !info.Mode().IsRegular() {
		return fail("%s is not a plain file, and is not replaced", path).with("name another file")
	} else if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	fresh := ".flasktui-" + rand.Text()
	file, err := directory.OpenFile(fresh, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = file.Write(content)
	if err = errors.Join(err, file.Close()); err == nil {
		err = directory.Rename(fresh, name)
	}
	if err != nil {
		err = errors.Join(err, directory.Remove(fresh))
	}
	return err
}

// export writes the ticket beside where the person stands; a file that is there already
// is never touched.
func (r *run) export(finished report.Report) (string, error) {
	name := fmt.Sprintf("flasktui-%s.md", r.Engine.Now().Format("20060102-150405"))
	path, err := filepath.Abs(name)
	if err != nil {
		return "", err
	}
	// By its bare name: what the present directory is called may lead elsewhere by now.
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return "", fmt.Errorf("export the report: %w", err)
	}
	return path, errors.Join(render.WriteMarkdown(file, finished, r.remembering()), file.Close())
}

// appendSummary adds the report to the page that a GitHub workflow shows for the whole run.
func appendSummary(path string, looked report.Report) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o600)
	if err != nil {
		return fail("write the summary of the workflow: %v", err).with("GITHUB_STEP_SUMMARY has to name a file that may be written")
	}
	return errors.Join(render.WriteMarkdown(file, looked, nil), file.Close())
}
