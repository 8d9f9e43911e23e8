package web

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestReadCacheHeaders(t *testing.T) {
	tests := []struct {
		name    string
		headers string
		want    CacheAnswer
	}{
		{"nothing said", "Server: nginx", CacheAnswer{Age: -1, MaxAge: -1}},
		{"Nginx's usual one", "X-Cache-Status: HIT", CacheAnswer{Hit: true, Header: "X-Cache-Status", Value: "HIT", Age: -1, MaxAge: -1}},
		{"a miss", "X-Cache-Status: MISS|Age: 0", CacheAnswer{Header: "X-Cache-Status", Value: "MISS", MaxAge: -1}},
		{"expired: fetched anew", "X-Cache-Status: EXPIRED", CacheAnswer{Header: "X-Cache-Status", Value: "EXPIRED", Age: -1, MaxAge: -1}},
		{"stale: old all the same", "X-Proxy-Cache: STALE", CacheAnswer{Hit: true, Header: "X-Proxy-Cache", Value: "STALE", Age: -1, MaxAge: -1}},
		{"Cloudflare", "CF-Cache-Status: HIT|Age: 32963|Cache-Control: public, max-age=14400", CacheAnswer{Hit: true, Header: "Cf-Cache-Status", Value: "HIT", Age: 32963, MaxAge: 14400}},
		{"Cloudflare that keeps out", "CF-Cache-Status: DYNAMIC", CacheAnswer{Header: "Cf-Cache-Status", Value: "DYNAMIC", Age: -1, MaxAge: -1}},
		{"CloudFront", "X-Cache: Hit from cloudfront", CacheAnswer{Hit: true, Header: "X-Cache", Value: "Hit from cloudfront", Age: -1, MaxAge: -1}},
		{"Fastly, two of them", "X-Cache: MISS, HIT|X-Served-By: cache-lhr, cache-whitechapel", CacheAnswer{Hit: true, Header: "X-Cache", Value: "MISS, HIT", Age: -1, MaxAge: -1}},
		{"a name that holds the word", "X-Cache: MISS from whitehit.example", CacheAnswer{Header: "X-Cache", Value: "MISS from whitehit.example", Age: -1, MaxAge: -1}},
		{"Varnish, a hit", "X-Varnish: 32770 3", CacheAnswer{Hit: true, Header: "X-Varnish", Value: "32770 3", Age: -1, MaxAge: -1}},
		{"Varnish, a miss", "X-Varnish: 32770", CacheAnswer{Header: "X-Varnish", Value: "32770", Age: -1, MaxAge: -1}},
		{
			"RFC 9211", `Cache-Status: OriginCache; hit; ttl=1100, "CDN Company Here"; fwd=uri-miss`,
			CacheAnswer{Hit: true, Header: "Cache-Status", Value: `OriginCache; hit; ttl=1100, "CDN Company Here"; fwd=uri-miss`, Age: -1, MaxAge: -1},
		},
		{"RFC 9211, forwarded", "Cache-Status: ExampleCache; fwd=miss; stored", CacheAnswer{Header: "Cache-Status", Value: "ExampleCache; fwd=miss; stored", Age: -1, MaxAge: -1}},
		{"RFC 9211, broken", "Cache-Status: ;;hit", CacheAnswer{Header: "Cache-Status", Value: ";;hit", Age: -1, MaxAge: -1}},
		{"an age alone", "Age: 7", CacheAnswer{Hit: true, Header: "Age", Value: "7", Age: 7, MaxAge: -1}},
		{"an age that is none", "Age: -7", CacheAnswer{Age: -1, MaxAge: -1}},
		{"browsers may not keep it", "Cache-Control: No-Store, max-age=600", CacheAnswer{Age: -1, MaxAge: 0, NoStore: true}},
		{"browsers must ask", "Cache-Control: no-cache, max-age=600", CacheAnswer{Age: -1, MaxAge: 0}},
		{"in two lines", "Cache-Control: private|Cache-Control: max-age=\"43200\"", CacheAnswer{Age: -1, MaxAge: 43200}},
		{"for ever", "Cache-Control: max-age=99999999999999", CacheAnswer{Age: -1, MaxAge: 1<<31 - 1}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			header := http.Header{}
			for _, line := range strings.Split(test.headers, "|") {
				name, value, _ := strings.Cut(line, ": ")
				header.Add(name, value)
			}
			if diff := cmp.Diff(test.want, ReadCacheHeaders(header)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func FuzzReadCacheHeaders(f *testing.F) {
	f.Add(`a;hit="x", b;hit=?1`, "HIT", "9", "max-age==, no-store=x")
	f.Fuzz(func(t *testing.T, status, cache, age, control string) {
		answer := ReadCacheHeaders(http.Header{"Cache-Status": {status, cache}, "X-Cache": {cache}, "Age": {age}, "Cache-Control": {control, age}})
		if answer.Age < -1 || answer.MaxAge < -1 {
			t.Errorf("got %+v", answer)
		}
	})
}
