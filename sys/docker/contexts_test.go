package docker

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"flasktui/sys/memory"
)

// TestFindContexts: where people keep sites, and from which directories a Dockerfile may be built.
func TestFindContexts(t *testing.T) {
	t.Parallel()
	machine := memory.Machine{Files: map[string]string{}, Links: map[string]string{"/srv/link": "/etc"}}
	for _, name := range []string{
		"/srv/shop/Dockerfile", "/srv/shop/docker/web/prod.Dockerfile", "/home/ada/app/Containerfile", "/opt/x/Dockerfile.dockerignore",
		"/srv/shop/node_modules/x/Dockerfile", "/srv/shop/.git/Dockerfile", "/etc/Dockerfile", "/srv/1/2/3/4/Dockerfile", "/mnt/site/Dockerfile",
	} {
		machine.Files[name] = ""
	}
	var got []string
	for _, build := range FindContexts(t.Context(), machine, "/mnt/site") {
		got = append(got, build.Dockerfile+" from "+build.Context)
	}
	want := []string{
		"/mnt/site/Dockerfile from /mnt/site", "/mnt/site/Dockerfile from /mnt",
		"/srv/shop/Dockerfile from /srv/shop",
		"/srv/shop/docker/web/prod.Dockerfile from /srv/shop/docker/web", "/srv/shop/docker/web/prod.Dockerfile from /srv/shop/docker", "/srv/shop/docker/web/prod.Dockerfile from /srv/shop",
		"/home/ada/app/Containerfile from /home/ada/app",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestBuildOf: the forms in which scripts and units build.
func TestBuildOf(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]string{
		"docker build -t shop .":                                      "/srv/shop /srv/shop/Dockerfile [shop]",
		"docker build . --tag=shop:1 -f docker/web.Dockerfile":        "/srv/shop /srv/shop/docker/web.Dockerfile [shop:1]",
		"docker buildx build --load -t a -t b /opt/x":                 "/opt/x /opt/x/Dockerfile [a b]",
		"docker image build -t a --target live --no-cache web":        "/srv/shop/web /srv/shop/web/Dockerfile [a]",
		"podman build --build-arg V=1 --format docker -t localhost/a": "/srv/shop /srv/shop/Dockerfile [localhost/a]",
		"docker build -t a -":                                         "",
		"docker build -t a https://example.org/x.git":                 "",
		"docker build -t a $WHERE":                                    "",
		"docker run shop":                                             "",
	} {
		build, tags, ok := BuildOf(strings.Fields(line), "/srv/shop")
		got := ""
		if ok {
			got = fmt.Sprint(build.Context, " ", build.Dockerfile, " ", tags)
		}
		if got != want {
			t.Errorf("%s: %q, want %q", line, got, want)
		}
	}
}

// TestFromRegistry: what was built on this box has no digest, or one that each image has.
func TestFromRegistry(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, digest string
		want         bool
	}{
		{"shop", "", false},
		{"ghcr.io/ada/shop", "", false},
		{"ghcr.io/ada/shop", "ghcr.io/ada/shop@sha256:2", true},
		{"shop", "shop@sha256:2", true},
		{"shop", "shop@sha256:1", false},
		{"ghcr.io/ada/shop", "ghcr.io/ada/shop@sha256:1", true},
		{"localhost/shop:latest", "localhost/shop@sha256:2", false},
		{"localhost:5000/shop", "localhost:5000/shop@sha256:2", true},
	} {
		image := Image{ID: "sha256:1"}
		if test.digest != "" {
			image.Digests = []string{test.digest}
		}
		if got := image.FromRegistry(test.name); got != test.want {
			t.Errorf("%s %s: %v", test.name, test.digest, got)
		}
	}
	for one, other := range map[string]string{"shop": "localhost/shop:latest", "shop:1": "docker.io/library/shop:1", "ghcr.io/a/b@sha256:1": "ghcr.io/a/b"} {
		if !SameTag(one, other) {
			t.Errorf("%s and %s are one image", one, other)
		}
	}
	if SameTag("shop:1", "shop:2") || Repository("ghcr.io/ada/shop:1") != "shop" || Repository("localhost:5000/shop@sha256:1") != "shop" {
		t.Error("another tag, or another repository")
	}
}

func FuzzBuildOf(f *testing.F) {
	f.Add("docker build -t shop -f x .", "/srv")
	f.Fuzz(func(t *testing.T, line, directory string) {
		if build, _, ok := BuildOf(strings.Fields(line), directory); ok && !strings.HasPrefix(build.Context, "/") {
			t.Errorf("%q", build.Context)
		}
	})
}
