package facts

import (
	"slices"
	"strings"

	"flasktui/sys"
)

// Backend is one of several that requests for the site may go to, beside the service's own
// (G56).
type Backend struct {
	Address string `json:"address"`
	Asked   Asked  `json:"asked"`
}

// mostBackends bounds how many of them are asked.
const mostBackends = 8

// otherBackends are those behind the site's server block that the service does not hold, as
// they are to be asked.
func (facts *Facts) otherBackends(address SiteAddress) []Backend {
	if address.Location == nil || address.Guessed {
		return nil
	}
	ends, own := facts.SiteBackends(address), facts.ownAddresses()
	isOwn := func(end string) bool {
		return slices.ContainsFunc(own, func(one string) bool { return SameBind(end, one) })
	}
	if !slices.ContainsFunc(ends, isOwn) {
		// Where none is the service's own, that is another matter: nothing says that it is
		// this site which they answer for.
		return nil
	}
	var others []Backend
	for _, end := range ends {
		if isOwn(end) || slices.ContainsFunc(others, func(other Backend) bool { return other.Address == end }) {
			continue
		}
		other := Backend{Address: end, Asked: Asked{Where: reachable(end), how: asking{plain: !strings.HasPrefix(address.Location.Pass, "https:")}}}
		if kind := address.Location.PassKind; kind != "proxy_pass" {
			other.Asked = placeToAsk("", sys.Textf("it is spoken to by %s, which flasktui does not speak", kind))
		} else if len(others) >= mostBackends {
			other.Asked = placeToAsk("", "there are more than are asked")
		}
		others = append(others, other)
	}
	return others
}

// copies are the other servers of this box that run the service's app out of its deployment, as
// they are to be asked.
func (facts *Facts) copies() []Backend {
	own := facts.Own()
	var copies []Backend
	for _, gunicorn := range facts.Processes.Value.Gunicorns {
		isOwn := slices.ContainsFunc(own, func(one Gunicorn) bool { return one.Master.PID == gunicorn.Master.PID })
		listeners := facts.ListenersOf(gunicorn)
		if isOwn || len(listeners) == 0 || len(copies) == mostBackends || !facts.InDeployment(gunicorn.Master.Directory) {
			continue
		}
		address := ListenerAddress(listeners[0])
		copies = append(copies, Backend{Address: address, Asked: Asked{Where: reachable(address), how: asking{plain: true}}})
	}
	return copies
}
