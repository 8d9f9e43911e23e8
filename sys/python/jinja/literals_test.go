package jinja

import (
	"fmt"
	"strings"
	"testing"
)

// TestLiterals: only what Jinja surely keeps as one constant.
func TestLiterals(t *testing.T) {
	t.Parallel()
	for template, want := range map[string]string{
		"<p>{{ price }}</p>\n":                               "1 <p>|1 </p>",
		"a\r\nb {{ x }}c":                                    "1 a\nb |2 c",
		"<p>{{ \"a\" }}</p>{{ x }}<i>":                       "1 <i>",
		"<p>{{ true }}</p>{{ x }}<i>":                        "1 <i>",
		"<b>{# why #}</b>{{ x }}<i>":                         "1 <i>",
		"<b> {{- x -}} </b>{{ y }}<i>":                       "1 <i>",
		"one{% if x %}two{% else %}three{% endif %}\n\nfour": "1 one|1 two|1 three|1 \n\nfour",
		"{% extends 'a' %}dropped{% block b %}kept{{ x }}too{% endblock %}dropped": "1 kept|1 too",
		"{% if true %}a{% endif %}":              "unknown",
		"{% if not False %}a{% endif %}":         "unknown",
		"{% trans %}a{% endtrans %}":             "unknown",
		"{% raw %}{{ a }}{% endraw %}":           "unknown",
		"{% autoescape x %}a{% endautoescape %}": "unknown",
		"a {{ open":                              "unknown",
		"":                                       "",
	} {
		literals, ok := Literals(template)
		var got []string
		for _, one := range literals {
			got = append(got, fmt.Sprint(one.Line, " ", one.Text))
		}
		said := strings.Join(got, "|")
		if !ok {
			said = "unknown"
		}
		if said != want {
			t.Errorf("%q: %q, want %q", template, said, want)
		}
	}
}

func FuzzLiterals(f *testing.F) {
	f.Add("<p>{{ price }}</p>{% if x %}{# y #}{% endif %}")
	f.Fuzz(func(t *testing.T, template string) {
		literals, _ := Literals(template)
		text := strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(template)
		for _, one := range literals {
			if !strings.Contains(text, one.Text) || one.Line < 1 {
				t.Errorf("%q is not in %q", one.Text, template)
			}
		}
	})
}
