package sys

import (
	"strings"
	"testing"
)

const (
	somePasswd = "root:x:0:0::/root:/bin/sh\nada:x:1000:1000::/home/ada:/bin/sh\ndeploy:x:995:995::/home/deploy:/bin/sh\nweb:x:33:33::/:/bin/sh\nbroken\n"
	someGroup  = "root:x:0:\nada:x:1000:\ndeploy:x:995:\ncrew:x:50:ada,deploy\n"
)

func TestWritersAreNamed(t *testing.T) {
	t.Parallel()
	accounts := ParseAccounts(somePasswd, someGroup)
	for _, test := range []struct {
		writers Writers
		except  []uint32
		want    string
	}{
		{Writers{}, nil, ""},
		{Writers{Users: []uint32{995}}, nil, "deploy"},
		{Writers{Users: []uint32{995}, Groups: []uint32{50}}, nil, "deploy, ada"},
		{Writers{Groups: []uint32{995}}, []uint32{995}, ""}, // the group that is their own
		{Writers{Users: []uint32{4242}, Groups: []uint32{99}}, nil, "user 4242, group 99"},
		{Writers{Users: []uint32{995}, Anyone: true}, nil, "every user of this box"},
	} {
		if got := strings.Join(test.writers.Names(accounts, test.except...), ", "); got != test.want {
			t.Errorf("%+v: %q, want %q", test.writers, got, test.want)
		}
	}
}
