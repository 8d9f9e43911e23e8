package uwsgi

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"flasktui/sys"
)

// mostMappings bounds how many shared mappings are asked for their birth.
const mostMappings = 64

// SharedMemoryMade is when the oldest memory that a process shares without a file was made: uWSGI
// makes it before it loads the app, and it cannot outlive an execution (execve(2)). To ask for it
// takes root's rights (proc_pid_map_files(5)).
func SharedMemoryMade(ctx context.Context, machine sys.Machine, pid int) (time.Time, error) {
	directory := "/proc/" + strconv.Itoa(pid)
	raw, err := machine.ReadFile(ctx, directory+"/maps", 4<<20)
	if err != nil {
		return time.Time{}, err
	}
	var oldest time.Time
	asked := 0
	for line := range strings.Lines(string(raw)) {
		where, _, _ := strings.Cut(line, " ")
		if !strings.HasSuffix(strings.TrimSpace(line), "/dev/zero (deleted)") {
			continue
		}
		if asked++; asked > mostMappings {
			break
		}
		info, err := machine.StatTarget(ctx, directory+"/map_files/"+mapName(where))
		if err != nil {
			return time.Time{}, err
		}
		if !info.Born.IsZero() && (oldest.IsZero() || info.Born.Before(oldest)) {
			oldest = info.Born
		}
	}
	if oldest.IsZero() {
		return oldest, errors.New("it shares no memory whose birth is told")
	}
	return oldest, nil
}

// mapName writes a range of addresses as map_files does, without the zeros that maps puts first.
func mapName(where string) string {
	from, to, _ := strings.Cut(where, "-")
	short := func(text string) string {
		number, err := strconv.ParseUint(text, 16, 64)
		if err != nil {
			return text
		}
		return strconv.FormatUint(number, 16)
	}
	return short(from) + "-" + short(to)
}
