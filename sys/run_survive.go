package sys

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"syscall"
	"time"
)

// tailInterval is how often a surviving command's output is looked at: often enough to
// read along.
const tailInterval = 50 * time.Millisecond

// runSurviving runs a change that must not be left half done. It writes to files that we
// read along, because a pipe whose reader is gone would kill it; and when the context
// ends we wait on, so that its end can be told and recorded. Even if flasktui is killed
// the command goes on.
func (l *Local) runSurviving(ctx context.Context, prepared *exec.Cmd, command Command, output *Output) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), command.timeout(ctx))
	defer cancel()
	files, err := surviveFiles(command.Stdin)
	if err != nil {
		return err
	}
	defer files.close()
	prepared.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	prepared.Stdout, prepared.Stderr = files.stdout, files.stderr
	if files.stdin != nil {
		prepared.Stdin = files.stdin
	}
	if err := prepared.Start(); err != nil {
		return err
	}
	captured := newCapture(command.outputLimit(), command.Line)
	tailed, stop := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(tailed)
		files.tail(captured, stop)
	}()
	err = wait(ctx, prepared, l.groupSignaller(ctx, prepared, output.Elevated), changeGrace)
	close(stop)
	<-tailed
	output.Stdout, output.Stderr = captured.close()
	if err == nil {
		err = captured.truncated()
	}
	return err
}

type outputFiles struct{ stdin, stdout, stderr *os.File }

func surviveFiles(stdin []byte) (files outputFiles, err error) {
	defer func() {
		if err != nil {
			files.close()
			err = fmt.Errorf("file for a command's output: %w", err)
		}
	}()
	if files.stdout, err = outputFile("stdout"); err != nil {
		return files, err
	}
	if files.stderr, err = outputFile("stderr"); err != nil {
		return files, err
	}
	if stdin == nil {
		return files, nil
	}
	if files.stdin, err = outputFile("stdin"); err != nil {
		return files, err
	}
	if _, err = files.stdin.Write(stdin); err == nil {
		_, err = files.stdin.Seek(0, io.SeekStart)
	}
	return files, err
}

func (f outputFiles) close() {
	for _, file := range []*os.File{f.stdin, f.stdout, f.stderr} {
		if file != nil {
			_ = file.Close()
		}
	}
}

// tail copies what the files hold until it is stopped, and once more after that.
func (f outputFiles) tail(captured *capture, stop <-chan struct{}) {
	ticker := time.NewTicker(tailInterval)
	defer ticker.Stop()
	var stdoutAt, stderrAt int64
	for stopped := false; ; {
		stdoutAt += copyFrom(f.stdout, stdoutAt, &captured.stdout)
		stderrAt += copyFrom(f.stderr, stderrAt, &captured.stderr)
		if stopped {
			return
		}
		select {
		case <-ticker.C:
		case <-stop:
			stopped = true
		}
	}
}

// copyFrom reads at an offset of its own: the file's own offset is the command's.
func copyFrom(file *os.File, offset int64, to io.Writer) int64 {
	count, _ := io.Copy(to, io.NewSectionReader(file, offset, 1<<62))
	return count
}

// temporaryFile is a file that has lost its name already.
func temporaryFile(name string) (*os.File, error) {
	file, err := os.CreateTemp("", "flasktui-"+name+"-*")
	if err != nil {
		return nil, err
	}
	return file, os.Remove(file.Name())
}
