package web

import (
	"context"
	"net/http"
	"strings"

	"flasktui/sys"
	"flasktui/sys/uwsgi"
)

// exchangeUWSGI asks as Nginx's uwsgi_pass does.
func exchangeUWSGI(ctx context.Context, machine sys.Machine, request Request, outgoing *http.Request) (Response, error) {
	packet, err := uwsgi.Request(outgoing.URL, outgoing.Host, outgoing.Header)
	if err != nil {
		return Response{}, err
	}
	network, address := request.Network, request.Address
	if network == "" {
		network, address = "tcp", outgoing.URL.Host
	}
	connection, err := machine.Dial(ctx, network, address)
	if err != nil {
		return Response{}, err
	}
	// Whoever gives up waiting ends the connection, and with it every read.
	stop := context.AfterFunc(ctx, func() { _ = connection.Close() })
	defer stop()
	defer func() { _ = connection.Close() }()
	response := Response{Connected: true}
	if _, err = connection.Write(packet); err != nil {
		return response, ended(ctx, err)
	}
	incoming, err := uwsgi.ReadResponse(connection)
	if err != nil {
		return response, ended(ctx, err)
	}
	defer func() { _ = incoming.Body.Close() }()
	response.Status, response.Header = incoming.StatusCode, incoming.Header
	response.Encoding = strings.ToLower(strings.TrimSpace(incoming.Header.Get("Content-Encoding")))
	limit := request.BodyLimit
	if limit == 0 {
		limit = DefaultBodyLimit
	}
	response.readBody(incoming.Body, limit)
	return response, nil
}

// ended is why an exchange did not come to its end: that the time was up, rather than that its
// connection was closed for it.
func ended(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return err
}
