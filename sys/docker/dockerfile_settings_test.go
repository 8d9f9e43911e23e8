package docker

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestSettingsOfADockerfile holds the reader to what Docker's builder makes of each form:
// the reference of the Dockerfile, and images that were built from these lines.
func TestSettingsOfADockerfile(t *testing.T) {
	t.Parallel()
	sh := func(line string) []string { return []string{"/bin/sh", "-c", line} }
	for name, test := range map[string]struct {
		text, target     string
		image            Image
		overridden       []string
		differ, doubtful []string
	}{
		"same": {
			text:  "FROM x\nENV A=1 B=\"two words\" C='$A' D=a\\ b\nENV OLD form of it\nUSER app\nWORKDIR /srv\nWORKDIR app\nCMD [\"gunicorn\", \"app:app\"]\n",
			image: Image{Environment: map[string]string{"A": "1", "B": "two words", "C": "$A", "D": "a b", "OLD": "form of it", "PATH": "/bin"}, User: "app", WorkingDirectory: "/srv/app", Command: []string{"gunicorn", "app:app"}},
		},
		"values": {
			text:   "FROM x\nENV A=1\nENV A=2 B=$A C=${A}3 D=${NONE:-4} E=${A:+5}\n",
			image:  Image{Environment: map[string]string{"A": "1", "B": "1", "C": "13", "D": "4", "E": "6"}},
			differ: []string{"ENV A", "ENV E"},
		},
		"removed":    {text: "FROM x\nENV A=1\n", image: Image{}, differ: []string{"ENV A"}},
		"overridden": {text: "FROM x\nENV A=1\nCMD a\nUSER b\n", image: Image{}, overridden: []string{"ENV A", "CMD", "USER"}},
		"of the base": {
			text:  "FROM x\nENV PATH=/venv/bin:$PATH\nWORKDIR app\n",
			image: Image{Environment: map[string]string{"PATH": "/venv/bin:/bin"}, WorkingDirectory: "/usr/src/app"},
		},
		"shell form": {text: "FROM x\nCMD gunicorn \\\n   --workers 2 app:app\nENTRYPOINT exec it\n", image: Image{Command: sh("gunicorn    --workers 2 app:app"), Entrypoint: sh("exec it")}},
		"a shell":    {text: "FROM x\nSHELL [\"/bin/bash\", \"-c\"]\nCMD a\n", image: Image{Command: sh("a")}, differ: []string{"CMD"}},
		"command":    {text: "FROM x\nCMD [\"a\", \"--workers\", \"4\"]\n", image: Image{Command: []string{"a", "--workers", "2"}}, differ: []string{"CMD"}},
		// The entry point of a stage takes the inherited command away, not its own.
		"entry point": {text: "FROM x AS a\nCMD one\nFROM a\nENTRYPOINT [\"two\"]\n", image: Image{Entrypoint: []string{"two"}}},
		"both":        {text: "FROM x\nCMD one\nENTRYPOINT [\"two\"]\n", image: Image{Entrypoint: []string{"two"}, Command: sh("one")}},
		"replaced":    {text: "FROM x\nCMD one\n", image: Image{Entrypoint: []string{"two"}}, overridden: []string{"ENTRYPOINT"}},
		"stages":      {text: "FROM x AS a\nENV A=1\nARG B=2\nFROM y\nENV C=3\nFROM a\nENV D=$A E=$B\n", image: Image{Environment: map[string]string{"A": "1", "D": "1"}}},
		"target":      {text: "FROM x AS a\nENV A=1\nFROM y\nENV A=2\n", target: "a", image: Image{Environment: map[string]string{"A": "1"}}},
		"argument":    {text: "ARG G=1\nFROM x\nARG G\nARG V=$G\nENV A=$V\n", image: Image{Environment: map[string]string{"A": "7"}}, doubtful: []string{"ENV A"}},
		"its default": {text: "FROM x\nARG V=1\nENV A=v$V\n", image: Image{Environment: map[string]string{"A": "v1"}}},
		"given":       {text: "FROM x\nARG GIVEN=1\nENV A=$GIVEN\n", image: Image{Environment: map[string]string{"A": "1"}}, differ: []string{"ENV A"}},
		"from shell":  {text: "FROM x\nARG SHELL_GIVES=1\nENV A=$SHELL_GIVES\n", image: Image{Environment: map[string]string{"A": "3"}}},
		"env wins":    {text: "FROM x\nENV V=1\nARG V=2\nENV A=$V\n", image: Image{Environment: map[string]string{"V": "1", "A": "1"}}},
		"no stage":    {text: "ENV A=1\n", image: Image{}},
	} {
		five := "5"
		file, err := ParseDockerfile(strings.NewReader(test.text), map[string]*string{"GIVEN": &five, "SHELL_GIVES": nil})
		if err != nil {
			t.Fatal(err)
		}
		settings, _ := file.Settings(test.target)
		differ, doubtful := settings.Differences(test.image, test.overridden)
		if diff := cmp.Diff([][]string{test.differ, test.doubtful}, [][]string{differ, doubtful}); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// TestWhatCannotBeCompared: what is fetched, unpacked or written in the Dockerfile itself is
// named, of the stages that the image is made of; and so is what a step may change.
func TestWhatCannotBeCompared(t *testing.T) {
	t.Parallel()
	file, err := ParseDockerfile(strings.NewReader("FROM a AS other\nADD https://example.org/o /o\nFROM b AS base\nADD https://example.org/x /x\n"+
		"FROM base\nADD site.tar.gz /srv\nCOPY <<E /etc/motd\nhello\nE\nCOPY a $UNSET/a\nCOPY b /etc/b.conf\nRUN sed -i s/x/y/ /etc/b.conf\n"), nil)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"ADD site.tar.gz", "COPY <<E", "COPY a $UNSET/a", "ADD https://example.org/x"}
	if diff := cmp.Diff(want, file.Unread("")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if !file.Rewrites("/etc/b.conf") || file.Rewrites("/etc/c.conf") {
		t.Error("a RUN that names a file is not seen, or another is")
	}
}
