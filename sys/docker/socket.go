package docker

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/url"
	"path"
	"strings"
	"sync"
	"syscall"

	"flasktui/sys"
	"flasktui/sys/web"
)

// The daemon itself is asked where this process may: Docker's client takes longer to start than
// all else of a look, and shows of a container and an image just what the daemon answers
// (docs.docker.com/reference/api/engine). Only what is root's is asked so; what anybody else
// answers at is left to the client, which runs with no more than their rights.

// errNotAsked means that the daemon was not asked at its socket, or that what answered there is
// none of Docker's: then its client tells.
var errNotAsked = errors.New("not asked at its socket")

// errGone means that there is no such container or image.
var errGone = errors.New("not there")

const (
	// askedAtOnce bounds how many containers are asked about side by side.
	askedAtOnce = 4
	// answerLimit bounds one answer in bytes.
	answerLimit = sys.DefaultOutputLimit
)

// get asks the daemon for one of its API's paths, of the version that is its own.
func (d *cli) get(ctx context.Context, endpoint, query string) ([]byte, error) {
	if d.daemon.IsPodman() || d.daemon.Rootless() || d.daemon.AsRoot {
		return nil, errNotAsked
	}
	socket := cmp.Or(d.daemon.Host, usual()[0])
	asked := url.URL{Scheme: "http", Host: "docker", Path: endpoint, RawQuery: query}
	response, err := web.Fetch(ctx, d.machine, web.Request{
		URL: asked.String(), Network: "unix", Address: strings.TrimPrefix(socket, "unix://"),
		BodyLimit: answerLimit, Timeout: sys.PatienceOf(ctx, sys.DefaultCommandTimeout),
	})
	switch {
	case errors.Is(err, syscall.ECONNREFUSED), errors.Is(err, fs.ErrNotExist):
		return nil, d.down(ctx, socket)
	case errors.Is(err, context.DeadlineExceeded):
		return nil, fmt.Errorf("the Docker daemon at %s did not answer in time: %w", socket, err)
	case err != nil, response.Truncated, !strings.HasPrefix(response.Header.Get("Server"), "Docker/"):
		return nil, errNotAsked
	case response.Status == http.StatusNotFound:
		return nil, errGone
	case response.Status != http.StatusOK:
		return nil, errNotAsked
	}
	// Without its client nothing that flasktui shows could be typed, nor any fix run.
	if _, err := sys.FindProgram(ctx, d.machine, "docker"); err != nil {
		return nil, err
	}
	return response.Body, nil
}

// down tells a daemon that does not run from a Docker that is not installed, without starting the
// client. A script of its name may be Podman's, which needs no socket.
func (d *cli) down(ctx context.Context, socket string) error {
	program, err := sys.FindProgram(ctx, d.machine, "docker")
	if err != nil {
		return err
	}
	if begin, _ := d.machine.ReadFile(ctx, program, 2); string(begin) == "#!" {
		return errNotAsked
	}
	return fmt.Errorf("%w: nothing listens at %s", ErrDown, socket)
}

// containersAtSocket are what `docker ps --all` and `docker inspect` show.
func (d *cli) containersAtSocket(ctx context.Context) ([]Container, error) {
	list, err := d.get(ctx, "/containers/json", "all=true")
	if err != nil {
		return nil, err
	}
	var listed []struct {
		ID string `json:"Id"`
	}
	if json.Unmarshal(list, &listed) != nil {
		return nil, errNotAsked
	}
	documents, problems := make([][]byte, len(listed)), make([]error, len(listed))
	slots := make(chan struct{}, askedAtOnce)
	var group sync.WaitGroup
	for index, one := range listed {
		group.Go(func() {
			slots <- struct{}{}
			documents[index], problems[index] = d.get(ctx, path.Join("/containers", one.ID, "json"), "")
			<-slots
		})
	}
	group.Wait()
	containers := []Container{}
	for index, document := range documents {
		if errors.Is(problems[index], errGone) {
			continue
		}
		if problems[index] != nil {
			return nil, problems[index]
		}
		one, err := parseContainer(document)
		if err != nil {
			return nil, errNotAsked
		}
		containers = append(containers, one)
	}
	return containers, nil
}

// imagesAtSocket are what `docker image inspect` shows, by the names that were asked for.
func (d *cli) imagesAtSocket(ctx context.Context, names []string) (map[string]Image, error) {
	images := map[string]Image{}
	for _, name := range names {
		document, err := d.get(ctx, "/images/"+name+"/json", "")
		if errors.Is(err, errGone) {
			continue
		}
		if err != nil {
			return nil, err
		}
		list, err := ParseImages(bytes.NewReader(append(append([]byte{'['}, document...), ']')))
		if err != nil {
			return nil, errNotAsked
		}
		images[name] = list[0]
	}
	return images, nil
}
