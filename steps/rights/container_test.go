package rights

import (
	"strings"
	"testing"

	"flasktui/sys/docker"
)

// keys are those of a container, "cap_add NET_ADMIN SYS_PTRACE" each.
func keys(lines ...string) docker.ContainerKeys {
	words := map[string][]string{}
	for _, line := range lines {
		key, rest, _ := strings.Cut(line, " ")
		words[key] = strings.Fields(rest)
	}
	return docker.ContainerKeys{Words: words}
}

// TestWhatHoldsTheBox: whoever chooses the program of such a container has the box.
func TestWhatHoldsTheBox(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]bool{
		"privileged true": true, "pid host": true, "devices /dev/sda": true, "cap_add ALL": true, "cap_add NET_ADMIN SYS_PTRACE": true, "cap_add DAC_OVERRIDE": true,
		"volumes /:/host": true, "volumes /var/run/docker.sock:/var/run/docker.sock": true,
		"cap_add NET_BIND_SERVICE": false, "volumes /srv/shop:/app": false, "user root": false, "environment ALL": false,
	} {
		if got := holdsBox(keys(line)); got != want {
			t.Errorf("%s: %t", line, got)
		}
	}
}

// TestAnotherUserOfAContainer: what the file leaves open is the image's, and root has many names.
func TestAnotherUserOfAContainer(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		was, is, image string
		want           string
	}{
		{"app", "app", "", ""},
		{"root", "0:0", "", ""},
		{"", "root", "", ""},
		{"app", "", "app", ""},
		{"app", "", "", "root gives root's rights in the container"},
		{"app", "0", "", "root gives root's rights in the container"},
		{"app", "web", "", "web gives another user's rights"},
		{"root", "web", "", "web gives "},
		{"app", "", "web:web", "web:web gives another user's rights"},
	} {
		got := ""
		for _, change := range compareUser(keys("user "+test.was), keys("user "+test.is), docker.Image{User: test.image}, true) {
			got = change.Then + " gives " + change.Gives
		}
		if got != test.want {
			t.Errorf("%+v: %q", test, got)
		}
	}
	if got := compareUser(keys("user app"), keys("user root"), docker.Image{}, false); got != nil {
		t.Errorf("of an image that is not known: %v", got)
	}
}

// TestAnotherProgramOfAContainer: an entrypoint of the file's own has no command of the image's.
func TestAnotherProgramOfAContainer(t *testing.T) {
	t.Parallel()
	image := docker.Image{Entrypoint: []string{"/start"}, Command: []string{"serve"}}
	for _, test := range []struct {
		now, then docker.ContainerKeys
		want      string
	}{
		{keys("entrypoint /start", "command serve"), keys(), ""},
		{keys("entrypoint /start", "command serve"), keys("entrypoint /other"), "entrypoint: /other; command: ; "},
		{keys("entrypoint /start", "command serve"), keys("command other"), "command: other; "},
		{keys("entrypoint /start", "command other"), keys(), "command: serve; "},
		{keys("entrypoint /start", "command serve", "privileged true"), keys("command --password x"), "command: --password *** gives another program the rights that the container has; "},
	} {
		var got strings.Builder
		for _, change := range compareCommands(test.now, test.then, image, true) {
			got.WriteString(change.Key + ": " + change.Then)
			if change.Gives != "" {
				got.WriteString(" gives " + change.Gives)
			}
			got.WriteString("; ")
		}
		if got.String() != test.want {
			t.Errorf("%v: %q, want %q", test.then.Words, got.String(), test.want)
		}
	}
	if got := compareCommands(keys("command a"), keys("command b"), image, false); got != nil {
		t.Errorf("of an image that is not known: %v", got)
	}
	if got := ShownCommand([]string{strings.Repeat("x", 120)}); strings.HasSuffix(got, "…") {
		t.Errorf("a line that fits is cut: %s", got)
	}
	if got := ShownCommand([]string{strings.Repeat("x", 121)}); got != strings.Repeat("x", 120)+"…" {
		t.Errorf("a longer one is not: %s", got)
	}
}

// TestMoreThanWasShown is what a container has got that no file said when it was shown.
func TestMoreThanWasShown(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name                string
		shown, before, made docker.ContainerKeys
		want                string
	}{
		{"as shown", keys("cap_add NET_ADMIN"), keys(), keys("cap_add NET_ADMIN"), ""},
		{"as before", keys(), keys("cap_add NET_ADMIN"), keys("cap_add NET_ADMIN"), ""},
		{"more", keys("cap_add NET_ADMIN"), keys(), keys("cap_add NET_ADMIN SYS_ADMIN"), "cap_add SYS_ADMIN"},
		{"a place of the box", keys(), keys(), keys("volumes /etc:/etc"), "volumes /etc:/etc"},
		{"a volume by its name", keys(), keys(), keys("volumes data:/data"), ""},
		{"volumes of another container", keys(), keys(), keys("volumes /etc:/etc", "volumes_from other"), "volumes_from other"},
		{"what Docker adds by itself", keys(), keys(), keys("runtime runc", "security_opt label=disable"), ""},
	} {
		var got []string
		for _, change := range Exceeding(test.shown, test.before, test.made) {
			got = append(got, change.Key+" "+change.Then)
		}
		if strings.Join(got, ", ") != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}
