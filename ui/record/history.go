package record

import (
	"bufio"
	"encoding/json"
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
	// A FIFO that nobody writes to would hold us up for ever without O_NONBLOCK.
	file, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if os.IsNotExist(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s: %w", path, errNotPlain)
	}
	if info.Size() > longestRecord {
		if _, err := file.Seek(-longestRecord, io.SeekEnd); err != nil {
			return nil, err
		}
	}
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
