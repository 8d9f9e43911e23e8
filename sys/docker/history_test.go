package docker

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// told are steps as `docker history` tells them, the last one first.
func told(made string, lines ...string) string {
	var out strings.Builder
	for _, line := range lines {
		text, _ := json.Marshal(map[string]string{"CreatedBy": line, "CreatedAt": made})
		out.Write(append(text, '\n'))
	}
	return out.String()
}

const (
	builtAt = "2026-11-27T10:22:12Z"
	baseAt  = "2026-10-01T08:00:00Z"
)

// ofBase is the base image's part, as an image of python's has it.
func ofBase() string {
	return told(baseAt, `CMD ["python3"]`, "RUN /bin/sh -c set -eux; make # buildkit", "ENV LANG=C.UTF-8", "")
}

// What the two builders of Docker 26 made of this Dockerfile.
const bothBuilt = `FROM base
ENV A="two words" B=3
WORKDIR /srv
COPY run.sh ./x/
SHELL ["/bin/bash", "-c"]
ARG Z=5
RUN echo a   && \

  # a note
    echo b
RUN ["/bin/echo", "c d"]
USER www-data
CMD x y
`

func byBuildKit() string {
	return told(builtAt, `CMD ["/bin/bash" "-c" "x y"]`, "USER www-data", "RUN |1 Z=5 /bin/echo c d # buildkit", "RUN |1 Z=5 /bin/bash -c echo a   &&     echo b # buildkit",
		"ARG Z=5", "SHELL [/bin/bash -c]", "COPY run.sh ./x/ # buildkit", "WORKDIR /srv", "ENV A=two words B=3")
}

func byTheOlderBuilder() string {
	return told(builtAt, `/bin/bash -c #(nop)  CMD ["/bin/bash" "-c" "x y"]`, "/bin/bash -c #(nop)  USER www-data", "|1 Z=5 /bin/echo c d", "|1 Z=5 /bin/bash -c echo a   &&     echo b",
		"/bin/bash -c #(nop)  ARG Z=5", "/bin/bash -c #(nop)  SHELL [/bin/bash -c]", "/bin/sh -c #(nop) COPY file:4abdc85debc453fc in ./x/ ", "/bin/sh -c #(nop) WORKDIR /srv", "/bin/sh -c #(nop)  ENV A=two words B=3")
}

// TestWhatWasTakenOutOfADockerfile: an image is compared with the instructions that it was made
// by, of either builder, and what is its base image's own is nobody's fault.
func TestWhatWasTakenOutOfADockerfile(t *testing.T) {
	t.Parallel()
	image := Image{Environment: map[string]string{"A": "two words", "B": "3", "LANG": "C.UTF-8"}, User: "www-data", WorkingDirectory: "/srv", Command: []string{"/bin/bash", "-c", "x y"}}
	base := &Image{Environment: map[string]string{"LANG": "C.UTF-8"}, Command: []string{"python3"}}
	without := func(line string) string { return strings.Replace(bothBuilt, line, "", 1) }
	for name, test := range map[string]struct {
		text   string
		differ []string
		// near is what is told where the base image is not here.
		near []string
	}{
		"the same":                      {text: bothBuilt},
		"what nobody runs":              {text: bothBuilt + "LABEL a=b\nEXPOSE 80\nHEALTHCHECK NONE\n"},
		"a variable":                    {text: strings.Replace(bothBuilt, " B=3", "", 1), differ: []string{"ENV B"}, near: nil},
		"a user":                        {text: without("USER www-data\n"), differ: []string{"USER"}, near: []string{"USER"}},
		"a command":                     {text: without("CMD x y\n"), differ: []string{"CMD"}, near: []string{"CMD"}},
		"a directory":                   {text: strings.Replace(without("WORKDIR /srv\n"), "./x/", "/srv/x/", 1), differ: []string{"WORKDIR"}, near: nil},
		"a copy":                        {text: without("COPY run.sh ./x/\n"), differ: []string{"COPY /srv/x"}, near: nil},
		"a copy elsewhere":              {text: strings.Replace(bothBuilt, "./x/", "/y", 1), differ: []string{"COPY /y", "COPY /srv/x"}, near: []string{"COPY /y"}},
		"a step":                        {text: without("RUN [\"/bin/echo\", \"c d\"]\n"), differ: []string{"RUN"}, near: []string{"RUN"}},
		"another step":                  {text: strings.Replace(bothBuilt, "echo b", "echo c", 1), differ: []string{"RUN"}, near: []string{"RUN"}},
		"a step more":                   {text: bothBuilt + "RUN --mount=type=cache,target=/x echo b\n", differ: []string{"RUN"}, near: []string{"RUN"}},
		"a document that is not read":   {text: bothBuilt + "RUN <<E\nmake\nE\n"},
		"where a copy goes is not told": {text: strings.Replace(bothBuilt, "./x/", "$UNSET/x", 1)},
	} {
		file, err := ParseDockerfile(strings.NewReader(test.text), nil)
		if err != nil {
			t.Fatal(err)
		}
		for builder, history := range map[string]string{"BuildKit": byBuildKit(), "the older builder": byTheOlderBuilder()} {
			all, err := ParseHistory(strings.NewReader(history + ofBase()))
			if err != nil {
				t.Fatal(err)
			}
			began, err := ParseHistory(strings.NewReader(ofBase()))
			if err != nil {
				t.Fatal(err)
			}
			own, ok := since(began, all)
			if !ok {
				t.Fatalf("%s: the base image is not known for what it is", builder)
			}
			if diff := cmp.Diff(test.differ, file.OtherSteps("", Origin{Steps: own, Began: base}, image), cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("%s, by %s (-want +got):\n%s", name, builder, diff)
			}
			if diff := cmp.Diff(test.near, file.OtherSteps("", Origin{Steps: all}, image), cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("%s, by %s, without its base image (-want +got):\n%s", name, builder, diff)
			}
		}
	}
}

// TestAnImageThatBeganFromAnother: a base image that was made anew, or is another, shares no
// beginning with what was made from the old one.
func TestAnImageThatBeganFromAnother(t *testing.T) {
	t.Parallel()
	all, err := ParseHistory(strings.NewReader(byBuildKit() + ofBase()))
	if err != nil {
		t.Fatal(err)
	}
	for name, base := range map[string]string{
		"another":    told(baseAt, "ENV LANG=C", ""),
		"made anew":  told(builtAt, `CMD ["python3"]`, "RUN /bin/sh -c set -eux; make # buildkit", "ENV LANG=C.UTF-8", ""),
		"of nothing": "",
		"longer":     told(builtAt, "ENV X=1") + byBuildKit() + ofBase(),
	} {
		steps, err := ParseHistory(strings.NewReader(base))
		if err != nil {
			t.Fatal(err)
		}
		if _, ok := since(steps, all); ok {
			t.Errorf("%s is taken for the image that it began from", name)
		}
	}
}

// TestTheBaseOfATarget: the image that the first of its stages begins from.
func TestTheBaseOfATarget(t *testing.T) {
	t.Parallel()
	given := "given"
	for text, want := range map[string]Setting{
		"FROM a AS one\nFROM b AS two\nFROM one\n":          {Value: "a", Known: true},
		"ARG V=1\nFROM python:$V\n":                         {Value: "python:1", Known: true, Argument: true},
		"ARG GIVEN\nFROM --platform=linux/amd64 ${GIVEN}\n": {Value: "given", Known: true},
		"ARG V\nFROM $V\n":                                  {},
		"RUN a\n":                                           {},
	} {
		file, err := ParseDockerfile(strings.NewReader(text), map[string]*string{"GIVEN": &given})
		if err != nil {
			t.Fatal(err)
		}
		if base, ok := file.Base(""); base != want || ok != want.Known {
			t.Errorf("%q begins from %+v", text, base)
		}
	}
}

func FuzzParseHistory(f *testing.F) {
	f.Add(byBuildKit()+ofBase(), bothBuilt)
	f.Add(byTheOlderBuilder()+ofBase(), bothBuilt)
	f.Fuzz(func(t *testing.T, history, text string) {
		steps, err := ParseHistory(strings.NewReader(history))
		if err != nil {
			return
		}
		file, err := ParseDockerfile(strings.NewReader(text), nil)
		if err != nil {
			return
		}
		for _, name := range file.OtherSteps("", Origin{Steps: steps}, Image{}) {
			if name == "" {
				t.Error("a difference without a name")
			}
		}
	})
}
