package sys

import (
	"slices"
	"testing"
)

func TestJournalHidesPrivateKeys(t *testing.T) {
	t.Parallel()
	lines := LogLines("a\n-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\nb\n")
	want := []Text{"a", "-----BEGIN PRIVATE KEY-----\n***", "***", "-----END PRIVATE KEY-----", "b"}
	if !slices.Equal(lines, want) {
		t.Errorf("lines = %q", lines)
	}
}
