package python

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"flasktui/sys/memory"
)

func TestParseBytecode(t *testing.T) {
	const magic = "\xf3\r\r\n"
	tests := []struct {
		name, header string
		want         Bytecode
	}{
		{"by time and size", magic + "\x00\x00\x00\x00" + "\x00\xf1\x53\x65" + "\x10\x02\x00\x00", Bytecode{SourceModified: time.Unix(0x6553f100, 0).UTC(), SourceSize: 0x210}},
		{"by hash, checked", magic + "\x03\x00\x00\x00" + "12345678", Bytecode{HashBased: true, CheckSource: true}},
		{"by hash, unchecked", magic + "\x01\x00\x00\x00" + "12345678", Bytecode{HashBased: true}},
	}
	for _, test := range tests {
		got, err := ParseBytecode(strings.NewReader(test.header + "the code"))
		if diff := cmp.Diff(test.want, got); diff != "" || err != nil {
			t.Errorf("%s: %v (-want +got)\n%s", test.name, err, diff)
		}
	}
	for _, header := range []string{"", magic, magic + "\x04\x00\x00\x0012345678", "#!/usr/bin/python3"} {
		if got, err := ParseBytecode(strings.NewReader(header)); err == nil {
			t.Errorf("%q: %+v", header, got)
		}
	}
}

func TestReadBytecodes(t *testing.T) {
	const header = "\xf3\r\r\n\x00\x00\x00\x00\x00\xf1\x53\x65\x10\x02\x00\x00"
	machine := memory.Machine{Files: map[string]string{
		"/app/wsgi.py": "", "/app/__pycache__/wsgi.cpython-311.pyc": header + "code", "/app/__pycache__/wsgi.cpython-313.opt-1.pyc": header,
		"/app/__pycache__/wsgi_old.cpython-313.pyc": header, "/app/__pycache__/wsgi.cpython-313.pyc": "cut", "/app/__pycache__/wsgi.cpython-313.pyc.1234": header,
	}}
	files, err := ReadBytecodes(t.Context(), machine, "/app/wsgi.py")
	if err != nil || len(files) != 2 || files[0].Path != BytecodePath("/app/wsgi.py", "cpython-311") || files[0].Info.Size != 20 ||
		files[1].Path != "/app/__pycache__/wsgi.cpython-313.opt-1.pyc" || files[1].Header.SourceSize != 0x210 {
		t.Errorf("%+v, %v", files, err)
	}
	if files, err := ReadBytecodes(t.Context(), machine, "/elsewhere/x.py"); err != nil || files != nil {
		t.Errorf("no __pycache__: %v, %v", files, err)
	}
	machine.Denied = []string{"/app/__pycache__"}
	if _, err := ReadBytecodes(t.Context(), machine, "/app/wsgi.py"); !errors.Is(err, fs.ErrPermission) {
		t.Errorf("got %v", err)
	}
}

// What a real Python wrote.
func TestReadBytecodesOfPython(t *testing.T) {
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Fatal("the real Python is asked: install python3")
	}
	directory := t.TempDir()
	source := filepath.Join(directory, "wsgi.py")
	if err := os.WriteFile(source, []byte("x = 1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	modified := time.Unix(1700000000, 0)
	if err := os.Chtimes(source, modified, modified); err != nil {
		t.Fatal(err)
	}
	for mode, want := range map[string]Bytecode{
		"TIMESTAMP":      {SourceModified: modified.UTC(), SourceSize: 6},
		"CHECKED_HASH":   {HashBased: true, CheckSource: true},
		"UNCHECKED_HASH": {HashBased: true},
	} {
		script := "import py_compile as p; p.compile(" + "'" + source + "'" + ", invalidation_mode=p.PycInvalidationMode." + mode + ")"
		if output, err := exec.CommandContext(t.Context(), python, "-c", script).CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, output)
		}
		files, err := ReadBytecodes(t.Context(), memory.Mirror(t, directory), source)
		if err != nil || len(files) != 1 {
			t.Fatal(files, err)
		}
		if diff := cmp.Diff(want, files[0].Header); diff != "" {
			t.Errorf("%s (-want +got)\n%s", mode, diff)
		}
	}
}

func FuzzParseBytecode(f *testing.F) {
	f.Add("\xf3\r\r\n\x00\x00\x00\x00\x00\xf1\x53\x65\x10\x02\x00\x00")
	f.Fuzz(func(t *testing.T, header string) {
		if bytecode, err := ParseBytecode(strings.NewReader(header)); err == nil && bytecode.HashBased && bytecode.SourceSize != 0 {
			t.Errorf("got %+v", bytecode)
		}
	})
}
