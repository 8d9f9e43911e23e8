package web

import (
	"mime"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// assetLimit is how many files of a page are remembered.
const assetLimit = 20

// ReadAssets are the paths of the style sheets, scripts and pictures that a page names on its
// own host, without their queries, in the page's order. address is the URL that was asked for.
func ReadAssets(address string, response Response) []string {
	kind, _, _ := mime.ParseMediaType(response.Header.Get("Content-Type"))
	base, err := url.Parse(address)
	if err != nil || response.Status != http.StatusOK || kind != "text/html" {
		return nil
	}
	var paths []string
	tags := regexp.MustCompile(`(?is)<(link|script|img)\s[^>]*?\b(?:href|src)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))`)
	for _, tag := range tags.FindAllStringSubmatch(string(response.Body), -1) {
		named, err := base.Parse(strings.TrimSpace(strings.ReplaceAll(tag[2]+tag[3]+tag[4], "&amp;", "&")))
		if err != nil || named.Host != base.Host || named.Path == "" || strings.HasSuffix(named.Path, "/") || strings.ContainsAny(named.Path, "\x00\r\n") {
			continue
		}
		if !slices.Contains(paths, named.Path) && len(paths) < assetLimit {
			paths = append(paths, named.Path)
		}
	}
	return paths
}
