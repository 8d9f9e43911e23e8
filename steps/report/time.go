package report

import (
	"bytes"
	"fmt"
	"time"
)

// timeLayout always writes three decimals, so that texts of equal length sort by time.
const timeLayout = "2006-01-02T15:04:05.000Z07:00"

// MarshalJSON writes RFC 3339 with milliseconds; the zero time is null.
func (t Time) MarshalJSON() ([]byte, error) {
	if t.IsZero() {
		return []byte("null"), nil
	}
	if year := t.Year(); year < 0 || year > 9999 {
		return nil, fmt.Errorf("write a time: the year %d does not fit RFC 3339", year)
	}
	return []byte(`"` + t.Format(timeLayout) + `"`), nil
}

// UnmarshalJSON reads what MarshalJSON wrote, and any other RFC 3339 time.
func (t *Time) UnmarshalJSON(data []byte) error {
	if bytes.Equal(data, []byte("null")) {
		t.Time = time.Time{}
		return nil
	}
	return t.Time.UnmarshalJSON(data)
}
