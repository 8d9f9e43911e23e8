package systemd

import (
	"os"
	"slices"
	"strings"
	"testing"

	"flasktui/sys"
)

// heldExample is what systemd 257 printed of big.service, of a unit that does not exist and
// of itself.
func heldExample(t *testing.T) HeldUnit {
	t.Helper()
	file, err := os.Open("testdata/systemd/big.show")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	blocks, err := ParseUnitProperties(file)
	if err != nil || len(blocks) != 3 {
		t.Fatalf("%d blocks: %v", len(blocks), err)
	}
	return HeldUnit{Unit: blocks[0], Bare: blocks[1], Manager: blocks[2]}
}

func unitLines(t *testing.T) []string {
	t.Helper()
	raw, err := os.ReadFile("testdata/systemd/big.service")
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(string(raw), "\n")
}

func compareLines(t *testing.T, held HeldUnit, lines []string) UnitComparison {
	t.Helper()
	settings, err := ParseUnitFile(strings.NewReader(strings.Join(lines, "\n")))
	if err != nil {
		t.Fatal(err)
	}
	return CompareUnit("big.service", []UnitFile{{Path: "/etc/systemd/system/big.service", Settings: settings}}, held)
}

func untoldKeys(comparison UnitComparison) []string {
	keys := []string{}
	for _, one := range comparison.Untold {
		keys = append(keys, one.Key)
	}
	return keys
}

// TestCompareUnit: a unit with 100 settings is called different in none of them; what
// systemctl prints in a form of its own is not called the same.
func TestCompareUnit(t *testing.T) {
	comparison := compareLines(t, heldExample(t), unitLines(t))
	for _, one := range comparison.Differs {
		t.Errorf("%s differs: loaded %q, on disk %q", one.Key, one.Loaded, one.OnDisk)
	}
	t.Log(untoldKeys(comparison))
}

// TestEverySettingCounts takes each line away, and changes each value: none of these is
// called the same.
func TestEverySettingCounts(t *testing.T) {
	held, lines := heldExample(t), unitLines(t)
	whole := untoldKeys(compareLines(t, held, lines))
	section := ""
	for at, line := range lines {
		key, value, ok := strings.Cut(line, "=")
		if strings.HasPrefix(line, "[") {
			section = line
		}
		if !ok || section == "[Install]" || strings.HasPrefix(line, " ") || strings.HasSuffix(line, "\\") || slices.Contains(whole, key) {
			continue
		}
		isDefault := slices.Contains([]string{"DynamicUser", "StandardError", "DevicePolicy", "OOMPolicy"}, key)
		without := slices.Delete(slices.Clone(lines), at, at+1)
		if comparison := compareLines(t, held, without); !isDefault && len(comparison.Differs) == 0 && slices.Equal(untoldKeys(comparison), whole) {
			t.Errorf("without %q it is called the same", line)
		}
		other := slices.Clone(lines)
		other[at] = key + "=" + value + "7"
		if comparison := compareLines(t, held, other); len(comparison.Differs) == 0 && slices.Equal(untoldKeys(comparison), whole) {
			t.Errorf("with %q it is called the same", other[at])
		}
	}
}

// FuzzCompareUnit: whatever stands in a unit file and is printed of it, every key that is
// set is compared, and no secret's value is told of a variable.
func FuzzCompareUnit(f *testing.F) {
	f.Add("[Service]\nExecStart=-@/bin/x y ; z\nEnvironment=A=geheim\n", "ExecStartEx={ path=/bin/x ; argv[]=y ; flags= ; start_time=[n/a] }\nEnvironment=A=2\n")
	f.Add("[Unit]\nAfter=%i\nLimitNOFILE=1:\n[Service]\nCPUQuota=%\nKillSignal=SIG\n", "After=\nLimitNOFILE=1\nKillSignal=x\n")
	f.Fuzz(func(t *testing.T, file, shown string) {
		settings, err := ParseUnitFile(strings.NewReader(file))
		if err != nil {
			return
		}
		blocks, err := ParseUnitProperties(strings.NewReader(shown))
		if err != nil || len(blocks) == 0 {
			return
		}
		comparison := CompareUnit("a@b.service", []UnitFile{{Settings: settings}}, HeldUnit{Unit: blocks[0]})
		for _, one := range comparison.Differs {
			if one.Key == "Environment" && strings.Contains(string(one.OnDisk), "=geheim") {
				t.Errorf("a variable's value is told: %+v", one)
			}
			if one.OnDisk != sys.Safe(string(one.OnDisk)) || one.Loaded != sys.Safe(string(one.Loaded)) {
				t.Errorf("it is not safe to show: %+v", one)
			}
		}
	})
}

// TestWhatDiffersIsTold: which commands run with more rights than the unit's user has, and
// which variables are set otherwise, is told as such and not in words alone.
func TestWhatDiffersIsTold(t *testing.T) {
	t.Parallel()
	held := HeldUnit{Unit: UnitProperties{
		"ExecStartPreEx": {
			"{ path=/bin/a ; argv[]=/bin/a 1 ; flags=privileged ; start_time=[n/a] ; stop_time=[n/a] ; pid=0 ; code=(null) ; status=0/0 }",
			"{ path=/bin/b ; argv[]=/bin/b ; flags=ignore-failure ; start_time=[n/a] ; stop_time=[n/a] ; pid=0 ; code=(null) ; status=0/0 }",
		},
		"Environment": {"A=1 B=2"},
	}}
	comparison := compareLines(t, held, []string{"[Service]", "ExecStartPre=-+/bin/a 1", "ExecStartPre=!/bin/b", "ExecStartPre=/bin/c", "Environment=A=1 B=3", "Environment=C=4"})
	told := map[string]UnitDifference{}
	for _, one := range comparison.Differs {
		told[one.Key] = one
	}
	commands := told["ExecStartPre"]
	if want := []UnitCommand{{true, "/bin/a 1"}, {false, "/bin/b"}}; !slices.Equal(commands.LoadedCommands, want) {
		t.Errorf("loaded: %+v", commands.LoadedCommands)
	}
	if want := []UnitCommand{{true, "/bin/a 1"}, {true, "/bin/b"}, {false, "/bin/c"}}; !slices.Equal(commands.OnDiskCommands, want) {
		t.Errorf("on disk: %+v", commands.OnDiskCommands)
	}
	if variables := told["Environment"]; !slices.Equal(variables.Variables, []string{"B", "C"}) || variables.OnDisk != "B=*** C=***" {
		t.Errorf("variables: %+v", variables)
	}
}
