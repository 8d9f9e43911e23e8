package web

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"testing"
	"time"

	"flasktui/sys/memory"
)

// answering takes one connection, reads a packet of the uwsgi protocol, and gives an answer; with
// none it keeps silent until the test ends.
func answering(t *testing.T, answer string) (address string, packet <-chan string) {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	read := make(chan string, 1)
	go func() {
		connection, err := listener.Accept()
		if err != nil {
			return
		}
		defer func() { _ = connection.Close() }()
		head := make([]byte, 4)
		_, _ = io.ReadFull(connection, head)
		body := make([]byte, int(head[1])+int(head[2])<<8)
		_, _ = io.ReadFull(connection, body)
		read <- string(body)
		if answer == "" {
			<-t.Context().Done()
		}
		fmt.Fprint(connection, answer)
	}()
	return listener.Addr().String(), read
}

// TestFetchByTheUWSGIProtocol: as Nginx's uwsgi_pass asks, without end of a silent one.
func TestFetchByTheUWSGIProtocol(t *testing.T) {
	t.Parallel()
	address, packet := answering(t, "HTTP/1.1 200 OK\r\nX-Release: 42\r\n\r\nhello")
	response, err := Fetch(t.Context(), memory.Machine{}, Request{URL: "http://shop.example/version", Network: "tcp", Address: address, UWSGI: true})
	if err != nil || response.Status != 200 || response.Header.Get("X-Release") != "42" || string(response.Body) != "hello" {
		t.Errorf("%+v, %v", response, err)
	}
	if got := <-packet; len(got) == 0 {
		t.Error("nothing was asked")
	}
	address, _ = answering(t, "")
	response, err = Fetch(t.Context(), memory.Machine{}, Request{URL: "http://shop.example/", Network: "tcp", Address: address, UWSGI: true, Timeout: 100 * time.Millisecond})
	if !errors.Is(err, context.DeadlineExceeded) || !response.Connected {
		t.Errorf("%+v, %v", response, err)
	}
	address, _ = answering(t, "\x00\x01 no answer")
	if _, err = Fetch(t.Context(), memory.Machine{}, Request{URL: "http://shop.example/", Network: "tcp", Address: address, UWSGI: true}); err == nil {
		t.Error("what is no answer was taken for one")
	}
}
