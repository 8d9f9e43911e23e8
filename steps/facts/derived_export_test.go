package facts

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// Derived is what a look works out of what it has read: whom it is asked about, where the site
// is, who listens where and who started it. It is for the tests that change what was read.
func Derived(read *Facts) string {
	known := *read
	var out strings.Builder
	tell := func(what string, values ...any) {
		encoded, err := json.Marshal(values)
		if err != nil {
			encoded = []byte(err.Error())
		}
		fmt.Fprintf(&out, "%s: %s\n", what, encoded)
	}
	known.Processes.Value.Gunicorns = slices.Clone(known.Processes.Value.Gunicorns)
	tell("services", candidateServices(&known), nothingFound(&known).Error())
	for _, asked := range askedFor(&known) {
		chosen := known
		chosen.Options = asked
		target, err := chooseTarget(&chosen)
		tell("asked for "+asked.Service+asked.URL, target)
		if err != nil {
			fmt.Fprintf(&out, "%+v\n", err)
		}
	}
	address := known.siteAddress()
	tell("site", address, known.ownAddresses(), known.SiteBackends(address), known.NginxProxies())
	tell("other blocks", known.otherBlocks(address))
	app, problem := known.appAddress()
	tell("app", app, problem, workersOf(&known), known.startDirectory(), known.deployRoot(), known.namedByUnit(), known.startedWith(), configuredDirectory(&known))
	holding, asked := servicesWithProcesses(&known)
	tell("units", holding, asked, known.gunicornUnits(), known.programServices(""), known.ArgumentsOnlyFromCommand())
	tell("container", known.Replicas(), known.PublishedAddresses(), steeringVariables(&known))
	for _, unit := range known.Units.Value {
		tell("held by "+unit.Name, known.heldBy(unit))
	}
	for _, gunicorn := range known.Processes.Value.Gunicorns {
		bound, certain := known.boundBy(gunicorn)
		unit, _ := known.RunBy(gunicorn)
		tell(fmt.Sprintf("Gunicorn %d", gunicorn.Master.PID), known.serviceOf(gunicorn), known.ListenersOf(gunicorn), known.inferListeners(gunicorn), bound, certain, unit.Name,
			known.IsUnmanaged(gunicorn), known.Restarter(gunicorn), known.StartedBy(gunicorn), known.SharesTree(gunicorn), known.isAsked(gunicorn))
	}
	for _, server := range known.SiteNginx().Value.Servers {
		missing, all := known.ListensFor(server)
		tell(fmt.Sprintf("%s:%d", server.File, server.Line), missing, all)
	}
	return out.String()
}

// askedFor are the ways in which a person could ask for something on a box.
func askedFor(known *Facts) []Options {
	asked := []Options{known.Options, {}, {Service: "nothing"}, {Service: "supervisor:nothing"}, {Service: "compose:no/thing"}, {Service: "pid:1"}, {URL: "http://localhost:1/"}, {URL: "https://elsewhere.example/"}}
	for _, service := range candidateServices(known) {
		asked = append(asked, Options{Service: service})
	}
	for _, server := range known.SiteNginx().Value.Servers {
		for _, name := range server.Names {
			asked = append(asked, Options{URL: "http://" + name + "/"})
		}
	}
	return asked[:min(len(asked), 16)]
}
