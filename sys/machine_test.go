package sys

import (
	"testing"
	"time"
)

func TestContentTime(t *testing.T) {
	t.Parallel()
	base := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	at := func(minutes int) time.Time { return base.Add(time.Duration(minutes) * time.Minute) }
	for _, test := range []struct {
		name string
		info FileInfo
		want time.Time
	}{
		{"written in place", FileInfo{Born: at(0), Modified: at(5), Changed: at(5)}, at(5)},
		{"copied with its old time (rsync -t)", FileInfo{Born: at(5), Modified: at(-900), Changed: at(5)}, at(5)},
		{"chown later", FileInfo{Born: at(0), Modified: at(0), Changed: at(9)}, at(0)},
		{"time set into the future", FileInfo{Born: at(0), Modified: at(9000), Changed: at(3)}, at(3)},
		{"no birth time", FileInfo{Modified: at(2), Changed: at(2)}, at(2)},
	} {
		if got := test.info.ContentTime(); !got.Equal(test.want) {
			t.Errorf("%s: %s, want %s", test.name, got, test.want)
		}
	}
}
