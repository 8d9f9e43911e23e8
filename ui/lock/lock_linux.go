package lock

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/user"
	"strconv"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

const (
	// attempts are for a holder that goes just when it is asked who it is.
	attempts = 20
	pause    = 25 * time.Millisecond
	// answerTimeout and answerLimit are for a holder that is no flasktui.
	answerTimeout = time.Second
	answerLimit   = 4 << 10
)

// acquire takes the lock, or says who has it.
func acquire(ctx context.Context, name string, holder Holder) (release func(), err error) {
	introduction, err := json.Marshal(holder)
	if err != nil {
		return nil, fmt.Errorf("the lock: %w", err)
	}
	var busy *BusyError
	for range attempts {
		listener, err := new(net.ListenConfig).Listen(ctx, "unix", "@"+name)
		if err == nil {
			go introduce(listener, introduction)
			return func() { letGo(listener) }, nil
		}
		if !errors.Is(err, syscall.EADDRINUSE) {
			return nil, fmt.Errorf("the lock: %w", err)
		}
		var said bool
		if busy, said, err = ask(ctx, name); err == nil && said {
			return nil, busy
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(pause):
		}
	}
	if busy != nil {
		return nil, busy
	}
	return nil, errors.New("another fix runs on this box; who runs it could not be told")
}

// letGo frees the name. A command that is just being started holds a copy of every open
// file for a moment, and the lock with it, so that is waited for.
func letGo(listener net.Listener) {
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	_ = listener.Close()
}

// introduce tells whoever asks who holds the lock, until it is let go.
func introduce(listener net.Listener, introduction []byte) {
	for {
		connection, err := listener.Accept()
		if err != nil {
			return
		}
		// It fits into the socket's buffer, so nobody can hold us up by not reading.
		_, _ = connection.Write(introduction)
		_ = connection.Close()
	}
}

// ask finds out who holds the lock. That it cannot be reached means that it has just gone,
// or that too many ask at once. One that hangs up without a word is not worth believing at
// once either: where a lock has just been let go, a command that is being started may still
// hold a copy of its socket.
func ask(ctx context.Context, name string) (busy *BusyError, said bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, answerTimeout)
	defer cancel()
	connection, err := new(net.Dialer).DialContext(ctx, "unix", "@"+name)
	if err != nil {
		return nil, false, err
	}
	defer func() { _ = connection.Close() }()
	busy = &BusyError{}
	deadline, _ := ctx.Deadline()
	_ = connection.SetDeadline(deadline)
	// What it says of itself is not to be relied on; it may say nothing at all.
	answer, err := io.ReadAll(io.LimitReader(connection, answerLimit))
	if err == nil {
		_ = json.Unmarshal(answer, &busy.Holder)
	}
	busy.Holder.User, busy.Holder.PID = peer(connection)
	return busy, len(answer) > 0 || errors.Is(err, os.ErrDeadlineExceeded), nil
}

// peer is who listens at the other end, as the kernel knows it.
func peer(connection net.Conn) (name string, pid int) {
	name = "somebody"
	socket, ok := connection.(*net.UnixConn)
	if !ok {
		return name, 0
	}
	raw, err := socket.SyscallConn()
	if err != nil {
		return name, 0
	}
	var credentials *unix.Ucred
	var failed error
	err = raw.Control(func(descriptor uintptr) {
		credentials, failed = unix.GetsockoptUcred(int(descriptor), unix.SOL_SOCKET, unix.SO_PEERCRED)
	})
	if err != nil || failed != nil {
		return name, 0
	}
	name = "user " + strconv.FormatUint(uint64(credentials.Uid), 10)
	if account, err := user.LookupId(strconv.FormatUint(uint64(credentials.Uid), 10)); err == nil {
		name = account.Username
	}
	return name, int(credentials.Pid)
}
