package web

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"flasktui/sys/memory"
)

func serve(t *testing.T, handler http.HandlerFunc) string {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return strings.TrimPrefix(server.URL, "http://")
}

func compressed(t *testing.T, content []byte) []byte {
	t.Helper()
	var buffer bytes.Buffer
	writer := gzip.NewWriter(&buffer)
	if _, err := writer.Write(content); err != nil {
		t.Fatal(err)
	}
	if err := writer.Close(); err != nil {
		t.Fatal(err)
	}
	return buffer.Bytes()
}

func TestFetchAsksAsABrowserOfTheSiteWould(t *testing.T) {
	directory := t.TempDir()
	socket := filepath.Join(directory, "gunicorn.sock")
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	requests := make(chan *http.Request, 1)
	server := &http.Server{ReadHeaderTimeout: time.Minute, Handler: http.HandlerFunc(func(writer http.ResponseWriter, request *http.Request) {
		requests <- request
		writer.Header().Set("X-Release", "42")
		http.Redirect(writer, request, "https://elsewhere.example.org/", http.StatusFound)
	})}
	go server.Serve(listener) //nolint:errcheck // ends with the test
	t.Cleanup(func() { server.Close() })

	response, err := Fetch(t.Context(), memory.Machine{}, Request{
		URL: "http://user:secret@shop.example.org:8080/version?t=1", Network: "unix", Address: socket, Header: http.Header{"X-Probe": {"1"}},
	})
	if err != nil || response.Status != http.StatusFound || response.Header.Get("X-Release") != "42" || response.Took <= 0 {
		t.Fatalf("%+v, %v", response, err)
	}
	request := <-requests
	if request.Host != "shop.example.org:8080" || request.RequestURI != "/version?t=1" || request.Method != http.MethodGet || request.Proto != "HTTP/1.1" {
		t.Errorf("asked %s %s of %s by %s", request.Method, request.RequestURI, request.Host, request.Proto)
	}
	if got := request.Header; !strings.HasPrefix(got.Get("User-Agent"), "flasktui/") || got.Get("Accept-Encoding") != "identity" || got.Get("X-Probe") != "1" ||
		got.Get("Connection") != "close" || got.Get("Authorization") != "" {
		t.Errorf("sent %v", got)
	}
}

func TestFetchSpeaksAsABalancer(t *testing.T) {
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	first := make(chan string, 1)
	go func() {
		connection, err := listener.Accept()
		if err != nil {
			return
		}
		defer connection.Close()
		reader := bufio.NewReader(connection)
		line, _ := reader.ReadString('\n')
		first <- line
		if request, err := http.ReadRequest(reader); err == nil && request.URL.Path == "/version" {
			fmt.Fprint(connection, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nv2")
		}
	}()
	response, err := Fetch(t.Context(), memory.Machine{}, Request{
		URL: "http://shop.example.org/version", Network: "tcp", Address: listener.Addr().String(), ProxyProtocol: true,
	})
	if err != nil || string(response.Body) != "v2" {
		t.Errorf("%q, %v", response.Body, err)
	}
	if line := <-first; line != "PROXY UNKNOWN\r\n" {
		t.Errorf("the connection began with %q", line)
	}
}

func TestFetchBody(t *testing.T) {
	content := []byte("body { color: red }\n")
	for name, test := range map[string]struct {
		encoding  string
		body      []byte
		limit     int64
		want      string
		truncated bool
	}{
		"plain":                  {"", content, 0, string(content), false},
		"of exactly the limit":   {"", content, int64(len(content)), string(content), false},
		"longer than the limit":  {"", content, 4, "body", true},
		"gzip":                   {"gzip", compressed(t, content), 0, string(content), false},
		"a bomb":                 {"gzip", compressed(t, make([]byte, 4<<20)), 10, strings.Repeat("\x00", 10), true},
		"gzip that is none":      {"gzip", content, 0, "", true},
		"gzip that is cut short": {"gzip", compressed(t, content)[:20], 0, "", true},
		"another encoding":       {"br", []byte("\x0b\x02\x80"), 0, "\x0b\x02\x80", false},
	} {
		t.Run(name, func(t *testing.T) {
			address := serve(t, func(writer http.ResponseWriter, request *http.Request) {
				if request.Header.Get("Accept-Encoding") != "gzip" {
					t.Errorf("asked for %q", request.Header.Get("Accept-Encoding"))
				}
				if test.encoding != "" {
					writer.Header().Set("Content-Encoding", test.encoding)
				}
				writer.Write(test.body) //nolint:errcheck // the client may have gone
			})
			response, err := Fetch(t.Context(), memory.Machine{}, Request{URL: "http://x/", Network: "tcp", Address: address, Gzip: true, BodyLimit: test.limit})
			if err != nil || response.Encoding != test.encoding || response.Truncated != test.truncated {
				t.Errorf("%v: encoding %q, truncated %v", err, response.Encoding, response.Truncated)
			}
			// A broken stream may give some of its content, or none.
			if string(response.Body) != test.want && !(test.truncated && test.want == "") {
				t.Errorf("body %q", response.Body)
			}
			if response.Length != int64(len(response.Body)) || len(response.SHA256) != 64 {
				t.Errorf("length %d, hash %q", response.Length, response.SHA256)
			}
		})
	}
}

func TestFetchGivesUpInTime(t *testing.T) { synctest.Test(t, givesUpInTime) }

// givesUpInTime runs on a clock of its own, which goes on only when all wait for it.
func givesUpInTime(t *testing.T) {
	const address = "127.0.0.1:8000"
	saying := func(begun string) memory.Machine {
		return memory.Machine{OnDial: func(context.Context, string, string) (net.Conn, error) {
			client, server := net.Pipe()
			go func() {
				// What is said before anything was asked is no answer to the client.
				asked := bufio.NewReader(server)
				if _, err := http.ReadRequest(asked); err == nil {
					_, _ = io.WriteString(server, begun)
				}
				_, _ = io.Copy(io.Discard, asked)
			}()
			return client, nil
		}}
	}
	request := Request{URL: "http://x/", Network: "tcp", Address: address, Timeout: 50 * time.Millisecond}
	if _, err := Fetch(t.Context(), saying(""), request); !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), address) {
		t.Errorf("no answer: %v", err)
	}
	response, err := Fetch(t.Context(), saying("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nbegun"), request)
	if err != nil || !response.Truncated || string(response.Body) != "begun" {
		t.Errorf("an endless body: %+v, %v", response, err)
	}
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Fetch(cancelled, saying(""), request); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

func TestFetchBoundsHeaders(t *testing.T) {
	address := serve(t, func(writer http.ResponseWriter, _ *http.Request) {
		writer.Header().Set("X-Big", strings.Repeat("x", headerLimit))
	})
	if response, err := Fetch(t.Context(), memory.Machine{}, Request{URL: "http://x/", Network: "tcp", Address: address}); err == nil {
		t.Errorf("took %d bytes of a header", len(response.Header.Get("X-Big")))
	}
}

func TestFetchReportsBadCertificates(t *testing.T) {
	server := httptest.NewTLSServer(http.HandlerFunc(func(writer http.ResponseWriter, request *http.Request) {
		fmt.Fprint(writer, request.TLS.ServerName)
	}))
	defer server.Close()
	response, err := Fetch(t.Context(), memory.Machine{}, Request{URL: "https://bücher.example.org/", Network: "tcp", Address: server.Listener.Addr().String()})
	if err != nil || response.TLSError == "" || string(response.Body) != "xn--bcher-kva.example.org" {
		t.Errorf("%+v %q, %v", response, response.Body, err)
	}
}

func TestFetchRefuses(t *testing.T) {
	for _, target := range []string{"", "/version", "ftp://x/", "file:///etc/passwd", "http://", "http://user:hunter2@[::1", "unix:/x"} {
		_, err := Fetch(t.Context(), memory.Machine{}, Request{URL: target})
		if err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%q: %v", target, err)
		}
	}
	_, err := Fetch(t.Context(), memory.Machine{}, Request{URL: "http://user:hunter2@x/", Network: "unix", Address: "/nowhere.sock"})
	if err == nil || strings.Contains(err.Error(), "hunter2") || !strings.Contains(err.Error(), "unix:/nowhere.sock") {
		t.Errorf("got %v", err)
	}
}

func FuzzFetch(f *testing.F) {
	f.Add([]byte("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\n\x1f\x8b\x08"))
	f.Add([]byte("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200\r\nTransfer-Encoding: chunked\r\nAge: -1\r\nCache-Status: a;hit\r\n\r\nffffffffffffffff\r\n"))
	f.Add([]byte("SSH-2.0-OpenSSH_9.2\r\n"))
	f.Fuzz(func(t *testing.T, answer []byte) {
		machine := memory.Machine{OnDial: func(context.Context, string, string) (net.Conn, error) {
			client, server := net.Pipe()
			go func() {
				defer server.Close()
				go io.Copy(io.Discard, server) //nolint:errcheck // ends with the pipe
				server.Write(answer)           //nolint:errcheck // the client may have gone
			}()
			return client, nil
		}}
		response, err := Fetch(t.Context(), machine, Request{URL: "http://x/", BodyLimit: 1000, Timeout: time.Second})
		if err == nil {
			ReadCacheHeaders(response.Header)
		}
		if len(response.Body) > 1000 {
			t.Errorf("read %d bytes", len(response.Body))
		}
	})
}
