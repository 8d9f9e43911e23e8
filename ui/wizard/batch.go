package wizard

import (
	"sync"
	"time"
)

// batch hands what a goroutine produces to the program in groups, so that a log that
// floods costs a frame now and then and not one a line. What the program has no time
// for is held back up to a limit; then the oldest goes.
type batch[T any] struct {
	deliver func([]T)
	broke   func(*CrashError)
	limit   int

	mutex   sync.Mutex
	waiting []T
	timed   bool
	// order keeps groups from overtaking each other.
	order sync.Mutex
}

const batchDelay = 50 * time.Millisecond

func (b *batch[T]) add(item T) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	b.waiting = append(b.waiting, item)
	if over := len(b.waiting) - b.limit; b.limit > 0 && over > 0 {
		b.waiting = b.waiting[over:]
	}
	if !b.timed {
		b.timed = true
		time.AfterFunc(batchDelay, func() {
			defer caught("handing on what was read", b.broke)
			b.flush()
		})
	}
}

// flush delivers what waits, at once.
func (b *batch[T]) flush() {
	b.order.Lock()
	defer b.order.Unlock()
	b.mutex.Lock()
	items := b.waiting
	b.waiting, b.timed = nil, false
	b.mutex.Unlock()
	if len(items) > 0 {
		b.deliver(items)
	}
}
