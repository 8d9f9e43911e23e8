package facts

import (
	"net/netip"
	"testing"
	"time"

	"flasktui/sys"
	"flasktui/sys/appserver"
	"flasktui/sys/memory"
	"flasktui/sys/proc"
	"flasktui/sys/uwsgi"
)

// uwsgiProcess is one process of a uWSGI, with the sockets that it holds.
func uwsgiProcess(pid, parent int, argv []string, sockets ...uint64) Process {
	return Process{Process: proc.Process{PID: pid, PPID: parent, Argv: argv}, SocketInodes: sockets}
}

// TestWhoAnswersForAUWSGI: its workers, and neither the emperor above it, nor the router of HTTP,
// mules and spoolers beside them.
func TestWhoAnswersForAUWSGI(t *testing.T) {
	t.Parallel()
	emperor, vassal := []string{"uwsgi", "--ini", "emperor.ini"}, []string{"uwsgi", "--ini", "one.ini"}
	processes := []Process{
		uwsgiProcess(5, 1, emperor), uwsgiProcess(7, 5, vassal, 1, 2), uwsgiProcess(8, 7, vassal, 1), uwsgiProcess(9, 7, vassal, 2), uwsgiProcess(10, 7, vassal, 3),
	}
	kinds := map[int]appserver.Kind{}
	for _, one := range processes {
		kinds[one.PID] = appserver.UWSGI
	}
	servers := assemble(processes, kinds)
	if len(servers) != 2 || servers[0].Master.PID != 5 || len(servers[0].Workers) != 0 || servers[1].Master.PID != 7 || len(servers[1].Workers) != 3 {
		t.Fatalf("%+v", servers)
	}
	one := servers[1]
	one.UWSGI = &UWSGI{Settings: uwsgi.Settings{Sockets: []uwsgi.Socket{{Address: ":8000", HTTP: true, Router: true}}}}
	one.leaveHelpers(map[uint64]proc.Listener{
		1: {Address: netip.MustParseAddrPort("127.0.0.1:39001"), Inode: 1}, 2: {Address: netip.MustParseAddrPort("0.0.0.0:8000"), Inode: 2},
	})
	if len(one.Workers) != 1 || one.Workers[0].PID != 8 {
		t.Errorf("%+v", one.Workers)
	}
}

// TestWhetherAUWSGIRanItsProgramAgain: by the count in its environment, and by the birth of the
// memory that it shares with its workers; without both it is not known.
func TestWhetherAUWSGIRanItsProgramAgain(t *testing.T) {
	t.Parallel()
	started := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	const maps = "7f00-7f10 rw-s 00000000 00:01 5 /dev/zero (deleted)\n7f10-7f20 rw-s 00000000 00:01 6 /dev/zero (deleted)\n"
	for name, test := range map[string]struct {
		counted, readable, denied bool
		born                      time.Time
		again, known              bool
	}{
		"never":                             {false, true, false, started, false, true},
		"it has":                            {true, true, false, started.Add(time.Hour), true, true},
		"it has, and nobody may see when":   {true, true, true, time.Time{}, true, false},
		"not told, and its first memory":    {false, false, false, started.Add(time.Second), false, true},
		"not told, and another memory":      {false, false, false, started.Add(time.Hour), true, true},
		"neither may be seen":               {false, false, true, time.Time{}, true, false},
		"it has within a second of a start": {true, true, false, started.Add(time.Second), true, true},
	} {
		master := Process{Process: proc.Process{PID: 7, Started: started}}
		if test.readable {
			master.Prints, master.Shown = map[string]string{"PATH": "x"}, map[string]string{}
		}
		if test.counted {
			master.Shown["UWSGI_RELOADS"] = "0"
		}
		machine := memory.Machine{
			Files: map[string]string{"/proc/7/maps": maps, "/proc/7/map_files/7f00-7f10": "", "/proc/7/map_files/7f10-7f20": ""},
			Kept: map[string]sys.FileInfo{
				"/proc/7/map_files/7f00-7f10": {Born: test.born.Add(time.Millisecond)}, "/proc/7/map_files/7f10-7f20": {Born: test.born},
			},
		}
		if test.denied {
			machine.Denied = []string{"/proc/7/map_files"}
		}
		var told UWSGI
		(&look{machine: machine}).findAgain(t.Context(), master, &told)
		loaded := Server{Master: master, UWSGI: &told}.LoadedBy().Started
		want := started
		if test.again && test.known {
			want = test.born
		}
		if told.Again != test.again || (told.Untold == "") != test.known || !loaded.Equal(want) {
			t.Errorf("%s: %+v, loaded at %s", name, told, loaded)
		}
	}
}

// TestWhatASocketOfAUWSGISpeaks: as its configuration has it, else as Nginx speaks to it.
func TestWhatASocketOfAUWSGISpeaks(t *testing.T) {
	t.Parallel()
	master := uwsgiProcess(7, 1, []string{"uwsgi", "x.ini"}, 1)
	for name, test := range map[string]struct {
		sockets  []uwsgi.Socket
		protocol protocol
		unspoken bool
	}{
		"socket":      {[]uwsgi.Socket{{Address: ":3031"}}, speaksUWSGI, false},
		"http-socket": {[]uwsgi.Socket{{Address: "127.0.0.1:3031", HTTP: true}}, speaksHTTP, false},
		"not told":    {nil, speaksEither, false},
		"fastcgi":     {[]uwsgi.Socket{{Address: ":3031", Other: "fastcgi"}}, speaksHTTP, true},
	} {
		known := &Facts{}
		known.Processes = Of(Processes{Servers: []Server{{Kind: appserver.UWSGI, Master: master, UWSGI: &UWSGI{Settings: uwsgi.Settings{Sockets: test.sockets}}}}}, "")
		known.Listeners = Of([]proc.Listener{{Address: netip.MustParseAddrPort("127.0.0.1:3031"), Inode: 1}}, "")
		if protocol, unspoken := known.spokenAt("127.0.0.1:3031"); protocol != test.protocol || (unspoken != "") != test.unspoken {
			t.Errorf("%s: %q %q", name, protocol, unspoken)
		}
	}
}
