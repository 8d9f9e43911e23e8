package memory

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// python runs a script that prints one line when it is ready, and gives its memory.
func python(t *testing.T, script string) (process *Process, said string) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	command := exec.CommandContext(ctx, "python3", "-c", script+"\nimport time\ntime.sleep(600)")
	output, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatalf("the tests need python3: %v", err)
	}
	t.Cleanup(func() { cancel(); _ = command.Wait() })
	if said, err = bufio.NewReader(output).ReadString('\n'); err != nil {
		t.Fatalf("python: %v", err)
	}
	maps, err := os.ReadFile(fmt.Sprintf("/proc/%d/maps", command.Process.Pid))
	if err != nil {
		t.Fatal(err)
	}
	memory, err := os.Open(fmt.Sprintf("/proc/%d/mem", command.Process.Pid))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = memory.Close() })
	if process, err = New(memory, maps); err != nil {
		t.Fatal(err)
	}
	return process, strings.TrimSpace(said)
}

const shop = `"""The shop."""
import os

RATE = 19


def overload(function):
    return function


class Basket:
    limit = 20

    def __init__(self, goods):
        self.goods = goods

    def total(self, shipping=5):
        """What is to be paid."""
        amount = sum(self.goods) + shipping
        if amount > 100:
            return amount - 10
        return amount


def index(request_path, retries=3):
    # A comment.
    greeting: str = "good morning"
    if request_path == "/terms":
        return "terms of two thousand and six"
    def inner(level):
        return level * 25
    return greeting + os.fspath(request_path) + str(inner(retries))


def gone():
    return "never mind"


del gone
`

// A process imported the shop; then its file is edited. What matters to the process has to
// show, and what does not must not.
func TestAnEditIsSeenInMemory(t *testing.T) {
	t.Parallel()
	directory := t.TempDir()
	file := filepath.Join(directory, "shop.py")
	if err := os.WriteFile(file, []byte(shop), 0o600); err != nil {
		t.Fatal(err)
	}
	process, _ := python(t, fmt.Sprintf("import sys; sys.path.insert(0, %q); import shop; print('ready', flush=True)", directory))
	for _, edit := range []struct {
		name, from, to string
		want           Outcome
		shows          string
	}{
		{"nothing", "", "", Agrees, ""},
		{"a comment", "# A comment.", "# A remark, and a longer one.", Agrees, ""},
		{"a docstring of the same length", "What is to be paid.", "What has to be paid", Agrees, ""},
		{"a string of the same length", "two thousand and six", "two thousand and ten", Another, "terms of two thousand and ten"},
		{"a short word", `"/terms"`, `"/agbs!"`, Another, "/agbs!"},
		{"a number of the same length", "amount > 100", "amount > 200", Another, ""},
		{"a number of another length", "amount - 10", "amount - 1000", Another, ""},
		{"a number in a nested function", "level * 25", "level * 26", Another, ""},
		{"a line more", "    if amount > 100:", "    amount += 1\n        if amount > 100:", Another, ""},
		{"a line less", "        if amount > 100:\n            return amount - 10\n", "", Another, ""},
		{"a new name of the same length", "os.fspath", "os.asbyte", Another, "asbyte"},
		{"a new argument", "def total(self, shipping=5)", "def total(self, expenses=5)", Another, "expenses"},
		{"a new function at the end", "del gone", "del gone\n\n\ndef about():\n    return 1\n", Another, ""},
		{"a function that is thrown away", "del gone", "del gone\n\n\ndef passing():\n    return \"by\"\n\n\ndel passing", Agrees, ""},
		{"a string of the module", "RATE = 19", "RATE = 19\nTERMS = \"of two thousand and six\"", Another, "of two thousand and six"},
		{"a number of the module", "RATE = 19", "RATE = 21", Another, ""},
		{"a number of the module that is bound twice", "RATE = 19\n\n", "RATE = 21\nRATE += 1\n", Agrees, ""},
		{"a number of the module that becomes a string", "RATE = 19", "RATE = \"__main__\"", Another, ""},
		{"an annotation of the same length", "greeting: str", "greeting: int", Agrees, ""},
		{"white space in a line", "sum(self.goods) + shipping", "sum(self.goods)  +  shipping", Another, ""},
	} {
		content := strings.Replace(shop, edit.from, edit.to, 1)
		results, err := process.Compare(context.Background(), []File{{[]string{file}, []byte(content)}})
		if err != nil {
			t.Fatalf("%s: %v", edit.name, err)
		}
		if got := results[0]; got.Outcome != edit.want || got.Difference.Word != edit.shows || got.Imported != file {
			t.Errorf("%s: outcome %d, %+v; want %d, word %q", edit.name, got.Outcome, got.Difference, edit.want, edit.shows)
		}
	}
	results, err := process.Compare(context.Background(), []File{{[]string{filepath.Join(directory, "tests.py")}, []byte(shop)}})
	if err != nil || results[0].Outcome != NotImported {
		t.Errorf("a file that nobody imported: %+v, %v", results, err)
	}
}

// The standard library is what its authors make of the language: no file of it that was
// imported as it lies there may be called another.
func TestWhatWasImportedIsNeverCalledAnother(t *testing.T) {
	t.Parallel()
	process, said := python(t, `
import importlib, sys
for name in """argparse ast asyncio base64 bisect calendar cmd codecs collections configparser contextlib copy csv dataclasses
    datetime decimal difflib dis doctest email.message enum fileinput fractions functools getpass gettext glob gzip heapq html.parser
    http.client http.server http.cookiejar imaplib inspect ipaddress json logging.config logging.handlers mailbox mimetypes
    multiprocessing.pool netrc opcode optparse pathlib pdb pickle pickletools platform plistlib pprint profile queue random re
    sched selectors shelve shlex shutil smtplib socketserver sqlite3 ssl statistics string subprocess symtable tabnanny tarfile
    tempfile textwrap threading timeit tokenize trace traceback typing unittest.mock urllib.request uuid warnings wave weakref
    xml.dom.minidom xml.etree.ElementTree xmlrpc.client xmlrpc.server zipfile zoneinfo""".split():
    try:
        importlib.import_module(name)
    except ImportError:
        pass
print(*{m.__file__ for m in list(sys.modules.values()) if str(getattr(m, "__file__", "")).endswith(".py")}, flush=True)`)
	var files []File
	for name := range strings.FieldsSeq(said) {
		content, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, File{[]string{name}, content})
	}
	results, err := process.Compare(context.Background(), files)
	if err != nil {
		t.Fatal(err)
	}
	agree := 0
	for i, result := range results {
		if result.Outcome == Another {
			t.Errorf("%s: %+v", files[i].Paths[0], result.Difference)
		}
		if result.Outcome == Agrees {
			agree++
		}
	}
	if agree < len(files)/2 {
		t.Errorf("only %d of %d files could be compared", agree, len(files))
	}
}

func TestAMemoryThatIsNoPythons(t *testing.T) {
	t.Parallel()
	for name, known := range map[string]bool{"python3.11": true, "python3.13": true, "python3.13t": false, "python3.99": false, "python2.7": false, "bash": false} {
		if _, err := LayoutOf(name); (err == nil) != known {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := New(strings.NewReader(""), []byte("00400000-00500000 r-xp 00000000 fd:00 1 /usr/bin/uwsgi\n")); err == nil {
		t.Error("a program without an interpreter has a memory to look at")
	}
	maps := []byte("00400000-00500000 r-xp 00000000 fd:00 1 /usr/bin/python3.13\n00000000-00001000 rw-p 00000000 00:00 0\n")
	process, err := New(strings.NewReader(strings.Repeat("\x00", 4096)), maps)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := process.Find(context.Background(), []string{"shop"}); err == nil {
		t.Error("words are missing from a memory that holds nothing of Python's")
	}
	process, err = New(strings.NewReader("short"), maps)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := process.Find(context.Background(), []string{"shop"}); err == nil {
		t.Error("words are missing from a memory that could not be read")
	}
	if _, err := New(strings.NewReader(""), []byte("00400000-00500000 r-xp 0 fd:00 1 /usr/bin/python3.13\n100000000-200000000 rw-p 0 00:00 0\n")); err == nil {
		t.Error("4 GiB were to be read")
	}
}

func FuzzRegions(f *testing.F) {
	f.Add([]byte("55d0-55e0 rw-p 00000000 fd:00 1 /usr/lib/x86_64-linux-gnu/libpython3.13.so.1.0\n"))
	f.Fuzz(func(t *testing.T, maps []byte) {
		regions, _, err := Regions(maps)
		for _, region := range regions {
			if err == nil && region.End <= region.Start {
				t.Errorf("region %+v", region)
			}
		}
	})
}

func FuzzPositions(f *testing.F) {
	f.Add([]byte{0x80, 0x00, 0xd8, 0x0b, 0x11, 0xf0, 0x02, 0x01, 0x05, 0x05}, 4)
	f.Fuzz(func(t *testing.T, table []byte, first int) {
		if found := positions(table, first); len(found) > len(table) {
			t.Errorf("%d positions of %d bytes", len(found), len(table))
		}
	})
}

// TestWhatAMemorySaysOfATemplate: of one that was rendered, text that is missing shows
// another; one of which no text is there may have been read otherwise.
func TestWhatAMemorySaysOfATemplate(t *testing.T) {
	t.Parallel()
	// The names are put together there, so that the script is no witness.
	process, _ := python(t, "path = '/srv/shop/templates/'\nheld = [path + 'index.html', '<p>Wel' + path[:0] + 'come, ', '</p>' + path[:0]]\nprint('ready', flush=True)")
	const page = "/srv/shop/templates/index.html"
	for _, test := range []struct {
		name, path, content string
		want                Outcome
		shows               string
	}{
		{"the same", page, "<p>Welcome, {{ name }}</p>\n", Agrees, ""},
		{"another", page, "<p>Come in, {{ name }}</p>\n", Another, "<p>Come in, "},
		{"nothing of it is there", page, "<b>{{ name }}</b>", Silent, ""},
		{"nothing can be said of it", page, "{% markdown %}a{% endmarkdown %}", Silent, ""},
		{"never rendered", "/srv/shop/templates/terms.html", "<p>Welcome, {{ name }}</p>", NotImported, ""},
		{"a name that is not looked for", "/srv/café/index.html", "<p>Welcome, {{ name }}</p>", Silent, ""},
	} {
		results, err := process.CompareTemplates(context.Background(), []File{{[]string{test.path}, []byte(test.content)}})
		if err != nil {
			t.Fatal(err)
		}
		if got := results[0]; got.Outcome != test.want || got.Difference.Word != test.shows {
			t.Errorf("%s: %+v", test.name, got)
		}
	}
}
