package docker

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"net"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"flasktui/sys"
	"flasktui/sys/memory"
)

// served is a box whose daemon answers at its socket, and whose client counts how often it is
// started and shows nothing.
func served(t *testing.T, program string, answer http.Handler) (memory.Machine, *int) {
	t.Helper()
	socket := filepath.Join(t.TempDir(), "docker.sock")
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: answer}
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(func() { _ = server.Close() })
	started := new(int)
	machine := memory.Machine{
		OnRun: func(command sys.Command) sys.Output {
			if command.Argv[1] == "context" {
				return sys.Output{}
			}
			*started++
			return sys.Output{Stdout: []byte{}}
		},
		OnDial: func(ctx context.Context, network, address string) (net.Conn, error) {
			if network != "unix" || address != "/var/run/docker.sock" {
				t.Errorf("%s %s was dialled", network, address)
			}
			return (&net.Dialer{}).DialContext(ctx, "unix", socket)
		},
	}
	if program != "" {
		machine.Files = map[string]string{"/usr/bin/docker": program}
		machine.Kept = map[string]sys.FileInfo{"/usr/bin/docker": {Mode: 0o755}}
	}
	return machine, started
}

const client = "\x7fELF"

// api answers as the daemon does, with the recorded documents of `docker inspect`; of the
// containers that it lists one is gone by the time that it is asked about.
func api(t *testing.T, server string) http.Handler {
	t.Helper()
	var documents []json.RawMessage
	if err := json.Unmarshal([]byte(readFile(t, "testdata/docker/inspect-26.json")), &documents); err != nil {
		t.Fatal(err)
	}
	return http.HandlerFunc(func(writer http.ResponseWriter, request *http.Request) {
		writer.Header().Set("Server", server)
		switch request.URL.RequestURI() {
		case "/containers/json?all=true":
			_, _ = writer.Write([]byte(`[{"Id":"one"},{"Id":"gone"},{"Id":"two"}]`))
		case "/containers/one/json":
			_, _ = writer.Write(documents[0])
		case "/containers/two/json":
			_, _ = writer.Write(documents[1])
		case "/images/registry:5000/shop/web:1/json":
			_, _ = writer.Write([]byte(`{"Id":"sha256:5","RepoTags":["registry:5000/shop/web:1"]}`))
		default:
			writer.WriteHeader(http.StatusNotFound)
		}
	})
}

// TestTheDaemonIsAskedItself: what it answers is what its client would have shown.
func TestTheDaemonIsAskedItself(t *testing.T) {
	t.Parallel()
	machine, started := served(t, client, api(t, "Docker/26.1.5 (linux)"))
	containers, err := ListContainers(t.Context(), machine)
	shown, parseErr := ParseContainers(strings.NewReader(readFile(t, "testdata/docker/inspect-26.json")))
	if err != nil || parseErr != nil || len(containers) != 2 || len(shown) < 2 || containers[0].ID != shown[0].ID || containers[1].ID != shown[1].ID {
		t.Errorf("%d containers, %v, %v", len(containers), err, parseErr)
	}
	images, err := InspectImages(t.Context(), machine, Daemon{}, "registry:5000/shop/web:1", "nothing:1")
	if err != nil || len(images) != 1 || images["registry:5000/shop/web:1"].ID != "sha256:5" {
		t.Errorf("images %+v, %v", images, err)
	}
	if *started != 0 {
		t.Errorf("the client was started %d times", *started)
	}
}

// TestWhereTheDaemonIsNotAskedItself: a socket at which nothing listens tells enough, and what is
// no daemon of Docker's, or may not be asked, is left to the client.
func TestWhereTheDaemonIsNotAskedItself(t *testing.T) {
	t.Parallel()
	broken := http.HandlerFunc(func(writer http.ResponseWriter, _ *http.Request) {
		writer.Header().Set("Server", "Docker/26.1.5 (linux)")
		_, _ = writer.Write([]byte(`{"message":"no list"}`))
	})
	for name, test := range map[string]struct {
		program string
		answer  http.Handler
		dial    error
		asks    bool
		want    error
	}{
		"nothing listens":       {program: client, dial: syscall.ECONNREFUSED, want: ErrDown},
		"no socket":             {program: client, dial: fs.ErrNotExist, want: ErrDown},
		"not installed":         {dial: fs.ErrNotExist, want: sys.ErrNoCommand},
		"no client":             {answer: api(t, "Docker/26.1.5 (linux)"), want: sys.ErrNoCommand},
		"Podman's script":       {program: "#!/bin/sh\nexec podman", dial: fs.ErrNotExist, asks: true},
		"may not be asked":      {program: client, dial: fs.ErrPermission, asks: true},
		"Podman at the socket":  {program: client, answer: api(t, "Libpod/5.4.2 (linux)"), asks: true},
		"an answer that is odd": {program: client, answer: broken, asks: true},
	} {
		machine, started := served(t, test.program, test.answer)
		if test.dial != nil {
			machine.OnDial = func(context.Context, string, string) (net.Conn, error) { return nil, test.dial }
		}
		_, err := ListContainers(t.Context(), machine)
		if !errors.Is(err, test.want) || (*started > 0) != test.asks {
			t.Errorf("%s: %v, the client started %d times", name, err, *started)
		}
	}
}

// TestASocketOfSomebodyElsesIsNotDialled: who answers at it may say, and wait, as they like.
func TestASocketOfSomebodyElsesIsNotDialled(t *testing.T) {
	t.Parallel()
	for _, daemon := range []Daemon{
		{Host: "unix:///run/user/1001/docker.sock", Owner: sys.Account{UID: 1001, Name: "ann"}},
		{Host: "unix:///srv/docker.sock", Owner: sys.Nobody()},
		{Program: podman},
	} {
		var ran []string
		machine := memory.Machine{
			OnRun: func(command sys.Command) sys.Output {
				ran = append(ran, command.Argv...)
				return sys.Output{}
			},
			OnDial: func(_ context.Context, _, address string) (net.Conn, error) {
				t.Errorf("%s was dialled", address)
				return nil, fs.ErrPermission
			},
		}
		if _, err := listContainersOf(t.Context(), machine, daemon); err != nil || !slices.Contains(ran, "ps") {
			t.Errorf("%+v: %v, %v", daemon, ran, err)
		}
	}
}
