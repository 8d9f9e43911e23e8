package systemd

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The forms in which a unit file's value and systemctl's can be compared; ok is false for a
// value that has none.

func formText(value string) (string, bool) { return value, true }

// formWord knows the ways to write a boolean (systemd.syntax(7)).
func formWord(value string) (string, bool) {
	switch strings.ToLower(value) {
	case "1", "yes", "y", "true", "t", "on":
		return "yes", true
	case "0", "no", "n", "false", "f", "off":
		return "no", true
	}
	return strings.Trim(value, `"'`), true
}

// formBoolean is of keys whose other values are shown as a plain yes.
func formBoolean(value string) (string, bool) {
	text, _ := formWord(value)
	return text, text == "yes" || text == "no"
}

// formStream knows no file's name: systemctl shows "append" of "append:/var/log/x".
func formStream(value string) (string, bool) {
	return value, !strings.ContainsAny(value, ":") && !slices.Contains([]string{"file", "append", "truncate", "fd", "data"}, value)
}

func formPath(value string) (string, bool) {
	value = strings.Trim(value, `"'`)
	if rest, optional := strings.CutPrefix(value, "-"); optional {
		value = "!" + rest
	}
	if trimmed := strings.TrimRight(value, "/"); trimmed != "" && trimmed != "!" {
		value = trimmed
	}
	return value, !strings.Contains(value, "//") && !strings.Contains(value, "/.")
}

// formRuntimePath: a relative path is of /run.
func formRuntimePath(value string) (string, bool) {
	if value != "" && !strings.HasPrefix(value, "/") {
		value = "/run/" + value
	}
	return formPath(value)
}

func formWords(value string) (string, bool) {
	words, err := SplitUnitWords(value)
	slices.Sort(words)
	return strings.Join(slices.Compact(words), "\x00"), err == nil && !strings.Contains(value, "~")
}

// formDirectories: names with a link or a mode of their own ("name:link") are shown in
// parts.
func formDirectories(value string) (string, bool) {
	text, ok := formWords(value)
	return text, ok && !strings.Contains(value, ":") && !strings.Contains(value, "//")
}

func formCapabilities(value string) (string, bool) { return formWords(strings.ToLower(value)) }

// formSpan is a span of time in microseconds (systemd.time(7), "PARSING TIME SPANS"); a
// number alone is seconds.
func formSpan(value string) (string, bool) {
	if value == "infinity" || value == "" {
		return value, value != ""
	}
	total, rest := time.Duration(0), value
	for rest = strings.TrimSpace(rest); rest != ""; rest = strings.TrimSpace(rest) {
		digits := strings.IndexFunc(rest, func(r rune) bool { return (r < '0' || r > '9') && r != '.' })
		if digits < 0 {
			digits = len(rest)
		}
		number, err := strconv.ParseFloat(rest[:digits], 64)
		rest = strings.TrimSpace(rest[digits:])
		letters := strings.IndexFunc(rest, func(r rune) bool { return r < 'A' || r > 'z' })
		if letters < 0 {
			letters = len(rest)
		}
		unit, known := spanUnit(rest[:letters])
		if err != nil || !known {
			return "", false
		}
		total += time.Duration(number * float64(unit))
		rest = rest[letters:]
	}
	return strconv.FormatInt(total.Microseconds(), 10), true
}

// StartsForever is a TimeoutStartSec= of infinity.
const StartsForever time.Duration = math.MaxInt64

// startTimeout is TimeoutStartUSec as systemctl prints it, "1min 30s"; zero for what is no
// span.
func startTimeout(shown string) time.Duration {
	text, _ := formTimeout(shown)
	if text == "infinity" {
		return StartsForever
	}
	microseconds, err := strconv.ParseInt(text, 10, 64)
	if err != nil || microseconds < 0 || microseconds > math.MaxInt64/1000 {
		return 0
	}
	return time.Duration(microseconds) * time.Microsecond
}

func spanUnit(name string) (time.Duration, bool) {
	const day = 24 * time.Hour
	for _, unit := range []struct {
		names string
		long  time.Duration
	}{
		{"us usec", time.Microsecond},
		{"ms msec", time.Millisecond},
		{"s sec second seconds", time.Second},
		{"m min minute minutes", time.Minute},
		{"h hr hour hours", time.Hour},
		{"d day days", day},
		{"w week weeks", 7 * day},
	} {
		if name == "" && unit.long == time.Second || slices.Contains(strings.Fields(unit.names), name) {
			return unit.long, true
		}
	}
	return 0, false
}

// formWatchdog: what is shown is what the running service has; while none runs, none.
func formWatchdog(value string) (string, bool) {
	text, ok := formSpan(value)
	return text, ok && value != "infinity"
}

// formTimeout: for these 0 is without end.
func formTimeout(value string) (string, bool) {
	if text, ok := formSpan(value); text != "0" {
		return text, ok
	}
	return "infinity", true
}

// formSize is bytes, or a count; a percentage hangs on the machine.
func formSize(value string) (string, bool) {
	if value == "infinity" {
		return value, true
	}
	number, scale := value, uint64(1)
	if at := strings.IndexAny(value, "KMGTPE"); at >= 0 && at == len(value)-1 {
		number, scale = value[:at], uint64(1)<<(10*(strings.IndexByte("KMGTPE", value[at])+1))
	}
	count, err := strconv.ParseUint(number, 10, 64)
	if err == nil && count*scale == 1<<64-1 {
		return "infinity", true
	}
	return strconv.FormatUint(count*scale, 10), err == nil
}

// formQuota is a share of one processor, per second: "50%" is 500ms.
func formQuota(value string) (string, bool) {
	if number, ok := strings.CutSuffix(value, "%"); ok {
		share, err := strconv.ParseFloat(number, 64)
		return strconv.FormatInt(int64(share*10000), 10), err == nil
	}
	return formSpan(value)
}

func formOctal(value string) (string, bool) {
	number, err := strconv.ParseUint(value, 8, 16)
	return strconv.FormatUint(number, 8), err == nil
}

// formSignal is a signal's number (signal(7)).
func formSignal(value string) (string, bool) {
	if _, err := strconv.Atoi(value); err == nil {
		return value, true
	}
	names := strings.Fields("HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD CONT STOP TSTP TTIN TTOU")
	at := slices.Index(names, strings.TrimPrefix(value, "SIG"))
	return strconv.Itoa(at + 1), at >= 0
}
