package web

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestReadAssets(t *testing.T) {
	t.Parallel()
	page := `<!doctype html><link rel=stylesheet href=/assets/app.3f2a.css>
<LINK href='css/print.css?v=3' rel="stylesheet"><script defer src="https://shop.example/js/app.js"></script>
<script>var a = '<not src="x">'</script><script src="//cdn.example/x.js"></script><img alt="a > b" src="logo.png">
<link rel="canonical" href="/shop/"><link rel="icon" href="data:image/png;base64,AAAA"><img src="/assets/app.3f2a.css"><a href="/static/no.pdf">`
	for kind, want := range map[string][]string{
		"text/html; charset=utf-8": {"/assets/app.3f2a.css", "/shop/css/print.css", "/js/app.js"},
		"application/json":         nil,
	} {
		response := Response{Status: 200, Header: http.Header{"Content-Type": {kind}}, Body: []byte(page)}
		if diff := cmp.Diff(want, ReadAssets("https://shop.example/shop/", response)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", kind, diff)
		}
	}
	if got := ReadAssets("http://shop.example/", Response{Status: 404, Header: http.Header{"Content-Type": {"text/html"}}, Body: []byte(page)}); got != nil {
		t.Errorf("a page that is not there names %v", got)
	}
}

func FuzzReadAssets(f *testing.F) {
	f.Add("http://shop.example/", `<script src="/a.js">`)
	f.Fuzz(func(t *testing.T, address, page string) {
		for _, name := range ReadAssets(address, Response{Status: 200, Header: http.Header{"Content-Type": {"text/html"}}, Body: []byte(page)}) {
			if !strings.Contains(name, "/") && !strings.Contains(page, name) {
				t.Errorf("%q stands nowhere in the page", name)
			}
		}
	})
}
