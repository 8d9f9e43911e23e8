package uwsgi

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
)

// A request of the uwsgi protocol is a header of four bytes (modifier1, the size of what follows
// in two bytes with the lowest first, modifier2) and variables, each a name and a value with its
// size in two such bytes before it. Modifier 0 is a WSGI request. What comes back is an answer of
// HTTP, whose end is that of the connection.

const (
	// bufferSize is what uWSGI takes of a request unless buffer-size says otherwise.
	bufferSize = 4096
	// headerLimit bounds the status line and headers of an answer.
	headerLimit = 64 << 10
)

var errTooLong = errors.New("the request is longer than uWSGI takes by default")

// Request makes a GET for a URL, with the variables that Nginx's uwsgi_params gives.
func Request(target *url.URL, host string, header http.Header) ([]byte, error) {
	if host == "" {
		host = target.Host
	}
	name, port, err := net.SplitHostPort(host)
	if err != nil {
		name, port = host, "80"
		if target.Scheme == "https" {
			port = "443"
		}
	}
	page := target.Path
	if page == "" {
		page = "/"
	}
	variables := [][2]string{
		{"REQUEST_METHOD", http.MethodGet},
		{"REQUEST_URI", target.RequestURI()},
		{"PATH_INFO", page},
		{"QUERY_STRING", target.RawQuery},
		{"CONTENT_TYPE", ""},
		{"CONTENT_LENGTH", ""},
		{"SERVER_PROTOCOL", "HTTP/1.1"},
		{"REQUEST_SCHEME", target.Scheme},
		{"REMOTE_ADDR", "127.0.0.1"},
		{"REMOTE_PORT", "0"},
		{"SERVER_NAME", name},
		{"SERVER_PORT", port},
		{"HTTP_HOST", host},
	}
	if target.Scheme == "https" {
		variables = append(variables, [2]string{"HTTPS", "on"})
	}
	for key, values := range header {
		if len(values) > 0 && !strings.EqualFold(key, "Host") {
			variables = append(variables, [2]string{"HTTP_" + strings.ToUpper(strings.ReplaceAll(key, "-", "_")), strings.Join(values, ", ")})
		}
	}
	packet := make([]byte, 4, bufferSize)
	for _, variable := range variables {
		for _, text := range variable {
			if len(text) > bufferSize {
				return nil, errTooLong
			}
			packet = binary.LittleEndian.AppendUint16(packet, uint16(len(text))) //nolint:gosec // bounded above
			packet = append(packet, text...)
		}
	}
	size := len(packet) - 4
	if size > bufferSize {
		return nil, errTooLong
	}
	binary.LittleEndian.PutUint16(packet[1:3], uint16(size)) //nolint:gosec // bounded above
	return packet, nil
}

// ReadResponse reads the head of an answer; its body goes on from the same reader and ends where
// the caller's bound or the connection does. The caller closes the connection.
func ReadResponse(reader io.Reader) (*http.Response, error) {
	head := &io.LimitedReader{R: reader, N: headerLimit}
	response, err := http.ReadResponse(bufio.NewReader(head), &http.Request{Method: http.MethodGet})
	if err != nil {
		if head.N <= 0 {
			return nil, errors.New("its headers have no end")
		}
		return nil, fmt.Errorf("it answered nothing that could be read as an answer of the uwsgi protocol: %w", err)
	}
	// The body is bounded by whoever reads it.
	head.N = 1 << 62
	return response, nil
}
