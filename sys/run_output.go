package sys

import (
	"bytes"
	"fmt"
	"strings"
	"sync"
)

// capture keeps what a command prints, each stream up to a limit, and hands out its lines
// as they come. What comes after close is dropped: a command may have to be left behind.
type capture struct {
	mutex          sync.Mutex
	stdout, stderr stream
	limit          int64
	closed         bool
	over           bool
	emit           func(Text)
}

func newCapture(limit int64, emit func(Text)) *capture {
	c := &capture{limit: limit, emit: emit}
	c.stdout.capture, c.stderr.capture = c, c
	return c
}

// close ends the capture and returns what it holds.
func (c *capture) close() (stdout, stderr []byte) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if !c.closed {
		c.stdout.flush()
		c.stderr.flush()
	}
	c.closed = true
	return c.stdout.data, c.stderr.data
}

func (c *capture) truncated() error {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if c.over {
		return fmt.Errorf("%w of %d bytes", ErrTruncated, c.limit)
	}
	return nil
}

// stream is stdout or stderr of a capture. It takes everything, also past the limit, so
// that the command does not die of a full or closed pipe.
type stream struct {
	*capture
	data    []byte
	partial []byte
	keys    secretLines
}

func (s *stream) Write(chunk []byte) (int, error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.closed {
		return len(chunk), nil
	}
	room := max(s.limit-int64(len(s.data)), 0)
	if int64(len(chunk)) > room {
		s.over = true
	}
	s.data = append(s.data, chunk[:min(int64(len(chunk)), room)]...)
	if s.emit != nil {
		s.split(chunk)
	}
	return len(chunk), nil
}

func (s *stream) split(chunk []byte) {
	for {
		end := bytes.IndexByte(chunk, '\n')
		if end < 0 {
			break
		}
		s.line(append(s.partial, chunk[:end]...))
		s.partial = s.partial[:0]
		chunk = chunk[end+1:]
	}
	s.partial = append(s.partial, chunk...)
	if len(s.partial) > maxTextBytes {
		s.flush()
	}
}

func (s *stream) flush() {
	if len(s.partial) > 0 && s.emit != nil {
		s.line(s.partial)
	}
	s.partial = nil
}

// line hands out one line; a progress display that rewrites its line is several.
func (s *stream) line(raw []byte) {
	for part := range strings.SplitSeq(strings.TrimRight(string(raw), "\r"), "\r") {
		s.emit(Safe(s.keys.line(part)))
	}
}
