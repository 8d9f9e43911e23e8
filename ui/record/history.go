package record

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"syscall"

	"flasktui/steps/report"
	"flasktui/sys"
)

// longestRecord is far more than years of fixes leave; of a longer record the end is read.
const longestRecord = 32 << 20

// Read gives the fixes of the record at path, the oldest first. A line that is none of ours is
// left out. A record that is not there holds no fix.
func Read(path string) ([]report.Run, error) {
	file, err := openRecord(path)
	if err != nil || file == nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	lines := bufio.NewScanner(io.LimitReader(file, longestRecord))
	lines.Buffer(nil, longestRecord)
	var runs []report.Run
	for lines.Scan() {
		var line Line
		if json.Unmarshal(lines.Bytes(), &line) != nil || line.Run == "" {
			continue
		}
		at := slices.IndexFunc(runs, func(run report.Run) bool { return run.Run == line.Run })
		if at < 0 {
			at = len(runs)
			runs = append(runs, report.Run{
				Run: line.Run, At: line.Time, User: sys.Safe(line.User), LoginUser: sys.Safe(line.LoginUser), Service: sys.Safe(line.Service),
				Fix: line.Fix, Before: line.VerdictBefore, Commands: []report.CommandRecord{},
			})
		}
		tell(&runs[at], line)
	}
	return runs, lines.Err()
}

// openRecord opens a file of lines for reading, at its end where it is very long; nil where there
// is none.
func openRecord(path string) (*os.File, error) {
	// A FIFO that nobody writes to would hold us up for ever without O_NONBLOCK.
	file, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if os.IsNotExist(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	info, err := file.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = fmt.Errorf("%s: %w", path, errNotPlain)
	}
	if err == nil && info.Size() > longestRecord {
		_, err = file.Seek(-longestRecord, io.SeekEnd)
	}
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return file, nil
}

// tell adds to a run what a line says of it.
func tell(run *report.Run, line Line) {
	switch line.Event {
	case CommandEnded:
		command := report.CommandRecord{Argv: line.Argv}
		if line.Exit != nil {
			command.Exit = *line.Exit
		}
		if line.DurationMS != nil {
			command.DurationMS = *line.DurationMS
		}
		run.Commands = append(run.Commands, command)
	case FixEnded:
		run.Ended, run.After, run.Message = line.Time, line.VerdictAfter, sys.Safe(line.Message)
		run.Done = line.Done != nil && *line.Done
	case FixStarted, CommandStarted:
	}
}
