// Package web asks a site as a visitor would, and reads what caches say of their answers.
//
// It knows sys. Begin with Fetch in http.go.
package web

import (
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"github.com/dunglas/httpsfv"
)

// CacheAnswer is what a response's headers say about a cache between the app and us.
type CacheAnswer struct {
	// Hit: a shared cache says that it answered itself. Header names the header that
	// says so, or that speaks of a cache where it is no hit.
	Hit    bool   `json:"hit"`
	Header string `json:"header,omitempty"`
	Value  string `json:"value,omitempty"`
	// Age is the Age header in seconds; -1 where there is none.
	Age int `json:"age"`
	// MaxAge is what browsers may keep, in seconds; -1 where nothing is said.
	MaxAge int `json:"max_age"`
	// NoStore: nobody may keep it.
	NoStore bool `json:"no_store,omitempty"`
}

// ReadCacheHeaders judges Cache-Status (RFC 9211), X-Cache, X-Cache-Status,
// CF-Cache-Status, X-Varnish, X-Proxy-Cache, Age and Cache-Control.
func ReadCacheHeaders(header http.Header) CacheAnswer {
	answer := CacheAnswer{Age: -1, MaxAge: -1}
	if age, ok := readSeconds(header.Get("Age")); ok {
		answer.Age = age
	}
	answer.readCacheControl(header.Values("Cache-Control"))
	for _, judge := range cacheHeaders() {
		values := header.Values(judge.header)
		if len(values) == 0 {
			continue
		}
		value := strings.Join(values, ", ")
		hit := judge.hit(value)
		if hit || answer.Header == "" {
			answer.Hit, answer.Header, answer.Value = hit, judge.header, value
		}
		if hit {
			return answer
		}
	}
	// Only a cache that answers from its store tells an age (RFC 9111, section 5.1).
	if answer.Age > 0 {
		answer.Hit, answer.Header, answer.Value = true, "Age", header.Get("Age")
	}
	return answer
}

// cacheHeader is a header in which some cache says what it did.
type cacheHeader struct {
	header string
	hit    func(value string) bool
}

// cacheHeaders are in the order of how plainly they speak. A stale answer came from the
// store as well; for a revalidated one the app said that nothing had changed.
func cacheHeaders() []cacheHeader {
	words := hasCacheWord("hit", "stale", "updating", "tcp_hit", "tcp_mem_hit")
	return []cacheHeader{
		{"Cache-Status", cacheStatusHit},
		{"Cf-Cache-Status", words},
		{"X-Cache-Status", words},
		{"X-Proxy-Cache", words},
		{"X-Nginx-Cache", words},
		{"X-Nginx-Cache-Status", words},
		{"X-Fastcgi-Cache", words},
		{"X-Vercel-Cache", words},
		{"X-Drupal-Cache", words},
		{"X-Cache", words},
		// Varnish tells the request's own id, and on a hit that of the request that
		// filled the cache as well.
		{"X-Varnish", func(value string) bool { return len(strings.Fields(value)) > 1 }},
		{"X-Cache-Hits", func(value string) bool { return strings.ContainsAny(value, "123456789") }},
	}
}

// hasCacheWord finds "HIT", "Hit from cloudfront", "MISS, HIT" and "TCP_HIT", and not a
// hit in "cache-whitechapel".
func hasCacheWord(words ...string) func(string) bool {
	return func(value string) bool {
		for _, field := range cacheWord().FindAllString(strings.ToLower(value), -1) {
			for _, word := range words {
				if field == word {
					return true
				}
			}
		}
		return false
	}
}

var cacheWord = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`[a-z0-9_]+`) })

// cacheStatusHit: each member of the list is a cache, and "hit" among its parameters
// means that it did not go forward to the app.
func cacheStatusHit(value string) bool {
	list, err := httpsfv.UnmarshalList([]string{value})
	if err != nil {
		return false
	}
	for _, member := range list {
		item, isItem := member.(httpsfv.Item)
		if !isItem {
			continue
		}
		if hit, found := item.Params.Get("hit"); found && hit == true {
			return true
		}
	}
	return false
}

func (answer *CacheAnswer) readCacheControl(values []string) {
	mustAsk := false
	for _, directive := range strings.Split(strings.Join(values, ","), ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(directive), "=")
		switch strings.ToLower(name) {
		case "no-store":
			answer.NoStore = true
		case "max-age":
			if seconds, ok := readSeconds(strings.Trim(value, `"`)); ok {
				answer.MaxAge = seconds
			}
		case "no-cache":
			mustAsk = true
		}
	}
	// What "no-cache" keeps is not used without asking first.
	if answer.NoStore || mustAsk {
		answer.MaxAge = 0
	}
}

// readSeconds reads delta-seconds (RFC 9111, section 1.2.2), which are at most 2^31.
func readSeconds(text string) (int, bool) {
	seconds, err := strconv.ParseUint(strings.TrimSpace(text), 10, 64)
	if err != nil {
		return 0, false
	}
	return int(min(seconds, 1<<31-1)), true
}
