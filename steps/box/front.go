package box

import (
	"slices"

	"flasktui/steps/facts"
	"flasktui/sys"
)

// AnswersItself tells whether the server block that meets the URL passes the request to
// nobody, nor redirects it: it answers out of files, or with a fixed answer (G55).
func (b *Box) AnswersItself() bool {
	location := b.Site.Value.Address.Location
	return location != nil && location.Pass == "" && b.RedirectsTo() == ""
}

// RedirectsTo is where the server block that meets the URL sends visitors by redirect;
// empty where it does not.
func (b *Box) RedirectsTo() string {
	location := b.Site.Value.Address.Location
	if location == nil || location.Pass != "" {
		return ""
	}
	if to, ok := location.RedirectsTo(); ok {
		return to
	}
	return ""
}

// BlockAnswer says what a server block that passes a request to nobody answers with.
func (b *Box) BlockAnswer() sys.Text {
	location := b.Site.Value.Address.Location
	switch {
	case location.Return != "":
		return sys.Textf("answers with \"return %s\"", location.Return)
	case location.Alias != "":
		return sys.Textf("answers with files under %s", location.Alias)
	case location.Root != "":
		return sys.Textf("answers with files under %s", location.Root)
	}
	return "passes it to nobody"
}

// OwnLocation is the path of a location in the URL's server block that sends requests to
// the service; empty for none.
func (b *Box) OwnLocation() string {
	server := b.Site.Value.Address.Server
	if server == nil {
		return ""
	}
	own := b.OwnSockets()
	for _, location := range server.Locations {
		if location.Pass != "" && slices.ContainsFunc(b.BackendAddresses(location), func(backend string) bool {
			return slices.ContainsFunc(own, func(socket string) bool { return facts.SameBind(backend, socket) })
		}) {
			return location.Path
		}
	}
	return ""
}
