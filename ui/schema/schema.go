// Package schema describes the documents that flasktui writes, for programs that read them: a
// JSON Schema for each, made from the very types that are written.
//
// It knows the documents of steps/report and the form of saved facts. Begin with Of.
package schema

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"reflect"
	"slices"

	"github.com/google/jsonschema-go/jsonschema"

	"flasktui/steps"
	"flasktui/steps/report"
	"flasktui/sys"
)

// document is a form with the name that its "schema" key has.
type document struct {
	name, form, title string
	of                reflect.Type
	// ours: only flasktui itself reads it, where what is empty may be null or left out.
	ours bool
}

func documents() []document {
	return []document{
		{"report", report.Schema, "What flasktui says of a box", reflect.TypeFor[report.Report](), false},
		{"error", report.FailureSchema, "Why there is no report", reflect.TypeFor[report.Failure](), false},
		{"fix", report.RepairSchema, "What a fix ran, and what came of it", reflect.TypeFor[report.Repair](), false},
		{"fleet", report.FleetSchema, "The reports of many hosts side by side", reflect.TypeFor[report.Fleet](), false},
		{"history", report.HistorySchema, "Which fixes were run on a box", reflect.TypeFor[report.History](), false},
		{"facts", steps.FactsSchema(), "What was seen of a box, redacted", reflect.TypeFor[steps.SavedFacts](), true},
	}
}

// Names are the documents that can be described, the report first.
func Names() []string {
	var names []string
	for _, one := range documents() {
		names = append(names, one.name)
	}
	return names
}

// Of describes a document by its name; false for one that is none of Names. A key that is not
// described is allowed, as later versions add keys without another name for the form.
func Of(name string) (*jsonschema.Schema, bool) {
	described, known := exactly(name)
	if known {
		eachObject(described, func(object *jsonschema.Schema) { object.AdditionalProperties = nil })
	}
	return described, known
}

// exactly describes a document without a key more than it has.
func exactly(name string) (*jsonschema.Schema, bool) {
	all := documents()
	at := slices.IndexFunc(all, func(one document) bool { return one.name == name })
	if at < 0 {
		return nil, false
	}
	described, err := jsonschema.ForType(all[at].of, &jsonschema.ForOptions{TypeSchemas: words()})
	if err != nil {
		panic(err) // One of our own types cannot be described: a mistake in it.
	}
	described.Schema, described.Title = "https://json-schema.org/draft/2020-12/schema", all[at].title
	form := any(all[at].form)
	described.Properties["schema"] = &jsonschema.Schema{Const: &form}
	each(described, func(one *jsonschema.Schema) {
		switch {
		case all[at].ours:
			one.Required = nil
			if one.Type != "" {
				one.Types, one.Type = []string{"null", one.Type}, ""
			}
		case slices.Equal(one.Types, []string{"null", "array"}):
			one.Types, one.Type = nil, "array"
		}
	})
	return described, true
}

// ProblemOf says where a document of ours is not as it is described, a key more than there is
// among it; nil where it is. The form is the one that the document itself names.
func ProblemOf(written []byte) error {
	var named struct {
		Schema string `json:"schema"`
	}
	var value any
	if err := errors.Join(json.Unmarshal(written, &named), json.Unmarshal(written, &value)); err != nil {
		return err
	}
	all := documents()
	at := slices.IndexFunc(all, func(one document) bool { return one.form == named.Schema })
	if at < 0 {
		return fmt.Errorf("no document is of the form %q", named.Schema)
	}
	described, _ := exactly(all[at].name)
	resolved, err := described.Resolve(nil)
	if err != nil {
		return err
	}
	return resolved.Validate(value)
}

// words are the types of which only some values are possible, and the time.
func words() map[reflect.Type]*jsonschema.Schema {
	one := func(values ...any) *jsonschema.Schema { return &jsonschema.Schema{Type: "string", Enum: values} }
	return map[reflect.Type]*jsonschema.Schema{
		reflect.TypeFor[netip.AddrPort]():    {Type: "string"},
		reflect.TypeFor[netip.Prefix]():      {Type: "string"},
		reflect.TypeFor[netip.Addr]():        {Type: "string"},
		reflect.TypeFor[report.Time]():       {Types: []string{"null", "string"}, Format: "date-time"},
		reflect.TypeFor[report.Verdict]():    one(report.Fresh, report.Stale, report.Mixed, report.Down, report.Inconclusive, ""),
		reflect.TypeFor[report.Status]():     one(report.OK, report.Warn, report.Fail, report.Unknown, report.Skipped),
		reflect.TypeFor[report.Confidence](): one(report.Certain, report.Likely, report.Possible, ""),
		reflect.TypeFor[report.ClaimState](): one(report.Proved, report.Refuted, report.Open, report.None),
		reflect.TypeFor[report.Risk]():       one(report.LowRisk, report.MediumRisk, report.HighRisk),
		reflect.TypeFor[sys.Privilege]():     one("", sys.PrivilegeRoot, sys.PrivilegeSudo, sys.PrivilegeNone),
		reflect.TypeFor[report.ClaimID](): one(report.ClaimIntended, report.ClaimLoaded, report.ClaimWay, report.ClaimFiles,
			report.ClaimCaches, report.ClaimEnvironment, report.ClaimConfiguration),
	}
}

// each visits a schema and all that it is made of.
func each(schema *jsonschema.Schema, visit func(*jsonschema.Schema)) {
	if schema == nil {
		return
	}
	visit(schema)
	for _, property := range schema.Properties {
		each(property, visit)
	}
	each(schema.Items, visit)
	each(schema.AdditionalProperties, visit)
}

// eachObject visits those that describe an object with named keys.
func eachObject(schema *jsonschema.Schema, visit func(*jsonschema.Schema)) {
	each(schema, func(one *jsonschema.Schema) {
		if len(one.Properties) > 0 {
			visit(one)
		}
	})
}
