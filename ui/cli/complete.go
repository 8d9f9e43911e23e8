package cli

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"flasktui/steps"
	"flasktui/steps/guide"
	"flasktui/steps/report"
	"flasktui/ui/render"
)

// What the tab key offers. Each is a name, a tab and a sentence, as cobra takes them; a shell that
// shows no sentences drops them. Somebody waits at the key and typed nothing that asks for more
// rights: so sudo is never used for it, nothing is changed, and what takes too long is left out.

// patience is how long a look may take that the tab key begins.
const patience = 3 * time.Second

// offered is one name with its sentence. A name never holds a tab; a sentence may.
func offered(name, sentence string) string {
	return cobra.CompletionWithDesc(name, strings.Join(strings.Fields(sentence), " "))
}

// complete offers the values of a flag to the shell.
func complete(cmd *cobra.Command, flag string, values []string) {
	completeBy(cmd, flag, cobra.FixedCompletions(slices.Clone(values), cobra.ShellCompDirectiveNoFileComp))
}

func completeBy(cmd *cobra.Command, flag string, by cobra.CompletionFunc) {
	if err := cmd.RegisterFlagCompletionFunc(flag, by); err != nil {
		panic(err) // The flag does not exist: a mistake in this package.
	}
}

// first completes the first argument alone.
func first(by func(cmd *cobra.Command) []string) cobra.CompletionFunc {
	return func(cmd *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
		if len(args) > 0 {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		return by(cmd), cobra.ShellCompDirectiveNoFileComp
	}
}

// services are those of this box that a look finds, with what it says of each.
func (r *run) services(cmd *cobra.Command) []string {
	if r.isElsewhere {
		return nil
	}
	machine, err := r.Engine.Open(Access{ReadOnly: true, NoSudo: true})
	if err != nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(cmd.Context(), patience)
	defer cancel()
	var only report.TargetSummary
	examination, err := r.Engine.Examine(ctx, machine, steps.Options{Timeout: patience, ReadOnly: true, NoMemory: true}, func(so steps.Examination) {
		// Where there is one service alone, its name is all that is asked.
		if so.Report.Target.Service != "" {
			only = so.Report.Target
			cancel()
		}
	})
	if target, is := asTarget(err); is {
		var names []string
		for _, service := range target.Services {
			names = append(names, offered(service, string(target.About[service])))
		}
		return names
	}
	if err == nil {
		only = examination.Report.Target
	}
	if only.Service == "" {
		return nil
	}
	return []string{offered(string(only.Service), strings.TrimSpace("the one service here, "+only.Server))}
}

// fixesHere are the fixes that the box offers for the service that was typed; all that there are
// where it cannot be told.
func (r *run) fixesHere(probe *probeFlags) cobra.CompletionFunc {
	return func(cmd *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
		looked, known := r.glance(cmd, probe, args)
		var ids []string
		for _, fix := range steps.Fixes() {
			plan, here := render.Plan(looked, fix.ID)
			if !known || here && (plan.Blocked == "" || plan.WantsRights) {
				ids = append(ids, offered(fix.ID, fix.Title))
			}
		}
		return ids, cobra.ShellCompDirectiveNoFileComp
	}
}

// glance looks at what was typed, for the tab key; false where that came to nothing.
func (r *run) glance(cmd *cobra.Command, probe *probeFlags, args []string) (report.Report, bool) {
	if r.isElsewhere {
		return report.Report{}, false
	}
	asked := *probe
	asked.noSudo, asked.options.ReadOnly = true, false
	target, err := r.resolve(cmd.Context(), cmd, &asked, args)
	if err != nil {
		return report.Report{}, false
	}
	ctx, cancel := context.WithTimeout(cmd.Context(), patience)
	defer cancel()
	target.options.Timeout = patience
	examination, err := r.Engine.Examine(ctx, target.machine, target.options, nil)
	return examination.Report, err == nil
}

// stepNumbers are the steps by their numbers.
func stepNumbers() []string {
	var numbers []string
	for _, step := range steps.All() {
		numbers = append(numbers, offered(strconv.Itoa(step.Number), step.Question))
	}
	return numbers
}

// subjects are all that can be explained; of an id that is a step's and a fix's, the step.
func subjects() []string {
	sentences := map[string]string{}
	tell := func(name, sentence string) {
		if _, told := sentences[name]; !told {
			sentences[name] = offered(name, sentence)
		}
	}
	for _, step := range steps.All() {
		tell(step.ID, step.Question)
	}
	for _, cause := range steps.Causes() {
		tell(cause.ID, cause.Title)
	}
	for _, fix := range steps.Fixes() {
		tell(fix.ID, fix.Title)
	}
	for _, word := range slices.Concat(guide.Verdicts(), guide.Words()) {
		tell(word.Word, firstSentence(word.Meaning))
	}
	for _, trap := range guide.Traps() {
		tell(trap.Number, trap.Title)
	}
	var names []string
	for _, one := range sentences {
		names = append(names, one)
	}
	slices.Sort(names)
	return names
}

// named leaves of what is offered the names.
func named(offers []string) []string {
	var names []string
	for _, one := range offers {
		name, _, _ := strings.Cut(one, "\t")
		names = append(names, name)
	}
	return names
}

func firstSentence(text string) string {
	sentence, _, _ := strings.Cut(text, ". ")
	return strings.TrimSuffix(sentence, ".")
}
