package uwsgi

import (
	"encoding/binary"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// variables reads a packet as uWSGI does.
func variables(t *testing.T, packet []byte) map[string]string {
	t.Helper()
	if len(packet) < 4 || packet[0] != 0 || int(binary.LittleEndian.Uint16(packet[1:3])) != len(packet)-4 {
		t.Fatalf("no packet of WSGI's: %q", packet)
	}
	found := map[string]string{}
	rest := packet[4:]
	next := func() string {
		size := int(binary.LittleEndian.Uint16(rest))
		text := string(rest[2 : 2+size])
		rest = rest[2+size:]
		return text
	}
	for len(rest) > 0 {
		name := next()
		found[name] = next()
	}
	return found
}

// TestARequestOfTheUWSGIProtocol has what Nginx's uwsgi_params hands on.
func TestARequestOfTheUWSGIProtocol(t *testing.T) {
	t.Parallel()
	target, err := url.Parse("https://shop.example:8443/a%20b?x=1")
	if err != nil {
		t.Fatal(err)
	}
	packet, err := Request(target, "", http.Header{"X-Forwarded-Proto": {"https"}})
	if err != nil {
		t.Fatal(err)
	}
	got := variables(t, packet)
	for name, want := range map[string]string{
		"REQUEST_METHOD": "GET", "REQUEST_URI": "/a%20b?x=1", "PATH_INFO": "/a b", "QUERY_STRING": "x=1", "HTTP_HOST": "shop.example:8443",
		"SERVER_NAME": "shop.example", "SERVER_PORT": "8443", "HTTPS": "on", "HTTP_X_FORWARDED_PROTO": "https",
	} {
		if got[name] != want {
			t.Errorf("%s is %q", name, got[name])
		}
	}
	if _, err := Request(target, strings.Repeat("x", 5000), nil); err == nil {
		t.Error("a request that uWSGI would not take was made")
	}
}

// TestAnAnswerOfTheUWSGIProtocol: whole, and one whose headers have no end.
func TestAnAnswerOfTheUWSGIProtocol(t *testing.T) {
	t.Parallel()
	response, err := ReadResponse(strings.NewReader("HTTP/1.1 404 NOT FOUND\r\nContent-Type: text/html\r\n\r\nnobody"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusNotFound || string(body) != "nobody" {
		t.Errorf("%d %q %v", response.StatusCode, body, err)
	}
	for _, text := range []string{"", "\x00\x10", "HTTP/1.1 200 OK\r\n" + strings.Repeat("X: y\r\n", 100_000)} {
		if response, err := ReadResponse(strings.NewReader(text)); err == nil {
			_ = response.Body.Close()
			t.Errorf("%.20q is an answer", text)
		}
	}
}

// FuzzAnswer: no answer makes it fail otherwise than by an error.
func FuzzAnswer(f *testing.F) {
	f.Add("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc")
	f.Add("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n")
	f.Fuzz(func(t *testing.T, text string) {
		response, err := ReadResponse(strings.NewReader(text))
		if err != nil {
			return
		}
		defer func() { _ = response.Body.Close() }()
		if read, _ := io.Copy(io.Discard, response.Body); read > int64(len(text)) {
			t.Errorf("%d bytes of %d", read, len(text))
		}
	})
}
