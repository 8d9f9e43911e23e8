package fixes

import (
	"cmp"
	"path"
	"slices"

	"flasktui/steps/box"
	"flasktui/steps/facts"
	"flasktui/steps/guide"
	"flasktui/steps/manager"
	"flasktui/steps/report"
	"flasktui/sys"
)

// ClearBytecode has Python compile the app anew.
func ClearBytecode() Kind {
	return Kind{
		ID: "clear-bytecode", Title: "Remove the app's old bytecode and restart",
		patience: soon,
		plan:     planClearBytecode,
		done:     doneClearBytecode,
		page: guide.Page{
			Does:     "Removes the app's own __pycache__ directories under the release, then restarts the service. Python writes new ones.",
			When:     "A .pyc is used in place of newer source. The virtualenv's own bytecode is left alone.",
			Risk:     "Medium: that of the restart. Python can always write them again.",
			Undo:     "None is needed.",
			Proof:    "The unit is active, the workers are new, and the bytecode agrees with the source.",
			Commands: []string{"rm -rf -- {current}/PACKAGE/__pycache__", "systemctl restart {unit}"},
			See:      []string{"stale-bytecode"},
		},
	}
}

func planClearBytecode(b *box.Box) Prepared {
	stale := clearable(b)
	if len(stale) == 0 {
		return blocked("no bytecode of the app itself is older than its source")
	}
	if reason := noRestart(b); reason != "" {
		return blocked(reason)
	}
	var actions []Action
	var unsafe sys.Text
	for len(stale) > 0 {
		// What one user may remove goes in one command.
		first := stale[0]
		argv := []string{"rm", "-r", "--"}
		aside := first.DirectoryOwner.UID != 0 && first.CacheUID != first.DirectoryOwner.UID
		stale = slices.DeleteFunc(stale, func(one facts.StaleBytecode) bool {
			together := !aside && one.DirectoryOwner == first.DirectoryOwner && one.CacheUID == first.CacheUID
			if together {
				argv = append(argv, path.Dir(one.Path))
			}
			return together || one.Path == first.Path
		})
		if cache := path.Dir(first.Path); aside {
			// Somebody else compiled it, root for example. Whoever owns the directory
			// cannot empty it, but may give it another name, and Python looks for this one.
			argv = []string{"mv", "-T", "--", cache, cache + ".before-flasktui"}
		}
		one, refusal := changeAs(first.DirectoryOwner, path.Dir(first.Source), argv...)
		actions, unsafe = append(actions, one), cmp.Or(unsafe, refusal)
	}
	plan := planned(report.Plan{
		Effect: "The app's compiled files are removed (another user's are moved aside) and the service is restarted; Python compiles the sources again.",
		Risk:   report.MediumRisk,
		Undo:   "None needed: Python writes them again by itself.",
	}, append(actions, restartAction(b))...)
	plan.Blocked = cmp.Or(unsafe, manager.Of(b).Restart(manager.Made{}).Refusal)
	return plan
}

// clearable is one stale file of each __pycache__ of the app itself.
func clearable(b *box.Box) []facts.StaleBytecode {
	var clearable []facts.StaleBytecode
	for _, one := range b.Code.Value.Bytecode {
		directory := path.Dir(one.Path)
		known := slices.ContainsFunc(clearable, func(other facts.StaleBytecode) bool { return path.Dir(other.Path) == directory })
		if !known && path.Base(directory) == "__pycache__" && sys.Within(b.Code.Value.Tree, directory) {
			clearable = append(clearable, one)
		}
	}
	return clearable
}

func doneClearBytecode(before, after *box.Box) (bool, sys.Text) {
	if len(after.Code.Value.Bytecode) > 0 {
		return false, sys.Textf("%s is still older than its source", after.Code.Value.Bytecode[0].Path)
	}
	return doneRestart(before, after)
}
