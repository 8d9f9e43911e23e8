package docker

import (
	"bytes"
	"context"
	"slices"
)

// EveryProfile is what Compose takes for all of a project's profiles.
const EveryProfile = "*"

// withProfiles reads the project again where services that are wanted are left out of its
// model for their profiles: which ones were named when they were started, no label tells.
func (c *composeCLI) withProfiles(ctx context.Context, model []byte, services map[string]ComposeService, wanted []string) ([]byte, map[string]ComposeService, error) {
	lacks := func(name string) bool { _, described := services[name]; return !described }
	if !slices.ContainsFunc(wanted, lacks) {
		return model, services, nil
	}
	every := *c
	every.project.Profiles = []string{EveryProfile}
	whole, err := every.model(ctx)
	if err != nil {
		// An older Compose knows no such word.
		return model, services, nil //nolint:nilerr // what was read first stands
	}
	all, err := ParseComposeModel(bytes.NewReader(whole))
	if err != nil {
		return nil, nil, err
	}
	if c.project.Profiles = profilesOf(all, wanted); len(c.project.Profiles) == 0 {
		return model, services, nil
	}
	c.compose.Profiles = c.project.Profiles
	if model, err = c.model(ctx); err != nil {
		return nil, nil, err
	}
	services, err = ParseComposeModel(bytes.NewReader(model))
	return model, services, err
}

// profilesOf are profiles by which all of the wanted services, and those that they need, are
// there: of a service that has several, one that is there already, or its first.
func profilesOf(all map[string]ComposeService, wanted []string) []string {
	var profiles []string
	seen := slices.Clone(wanted)
	for at := 0; at < len(seen); at++ {
		service := all[seen[at]]
		if len(service.Profiles) > 0 && !slices.ContainsFunc(service.Profiles, func(name string) bool { return slices.Contains(profiles, name) }) {
			profiles = append(profiles, service.Profiles[0])
		}
		for _, next := range service.Needs {
			if !slices.Contains(seen, next) {
				seen = append(seen, next)
			}
		}
	}
	return profiles
}
