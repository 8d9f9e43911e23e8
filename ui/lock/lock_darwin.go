package lock

import "context"

// acquire has nothing to hold: without systemd there is no fix for a real box, and the
// practice box belongs to one person alone.
func acquire(context.Context, string, Holder) (release func(), err error) { return func() {}, nil }
