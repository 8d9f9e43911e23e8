package report

import (
	"encoding/json"
	"testing"
	"time"
)

func TestTimeIsWrittenWithMillisecondsAndReadBack(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name string
		time time.Time
		want string
	}{
		{"zero is null", time.Time{}, `null`},
		{"milliseconds are kept when they are zero", time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC), `"2026-03-04T05:06:07.000Z"`},
		{"what is finer is cut", time.Date(2026, 3, 4, 5, 6, 7, 123_999_999, time.UTC), `"2026-03-04T05:06:07.123Z"`},
		{"the zone is kept", time.Date(2026, 3, 4, 5, 6, 7, 0, time.FixedZone("", 3600)), `"2026-03-04T05:06:07.000+01:00"`},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			written, err := json.Marshal(struct{ At Time }{Time{c.time}})
			if err != nil {
				t.Fatal(err)
			}
			if want := `{"At":` + c.want + `}`; string(written) != want {
				t.Errorf("wrote %s, want %s", written, want)
			}
			var read struct{ At Time }
			if err := json.Unmarshal(written, &read); err != nil {
				t.Fatal(err)
			}
			if !read.At.Equal(c.time.Truncate(time.Millisecond)) {
				t.Errorf("read back %s, want %s", read.At, c.time)
			}
		})
	}
}

func TestTimeRefusesWhatIsNone(t *testing.T) {
	t.Parallel()
	var at Time
	if err := json.Unmarshal([]byte(`"yesterday"`), &at); err == nil {
		t.Error("read a time from \"yesterday\"")
	}
	if _, err := json.Marshal(Time{time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)}); err == nil {
		t.Error("wrote a year that RFC 3339 has no room for")
	}
}
