package causes

import (
	"path"

	"flasktui/steps/box"
	"flasktui/steps/fixes"
	"flasktui/steps/guide"
	"flasktui/steps/report"
	"flasktui/steps/walk"
	"flasktui/sys"
)

func staleBytecode() Kind {
	return Kind{
		ID: "stale-bytecode", Title: "Python runs bytecode older than its source",
		Step:  walk.ServiceRestart().Number,
		Claim: report.ClaimLoaded,
		Hop:   report.HopWorkers, instead: "run bytecode older than its source",
		marks: []Moment{WorkersStarted},
		find:  findBytecode,
		page: guide.Page{
			What: "A .pyc in __pycache__ is taken for current although the source has changed, so even a restarted process runs " +
				"the old code.",
			How: "Python compares the source's time and size with those in the .pyc, for equality. Where a tool clamps the times " +
				"(reproducible builds, some archives) and the size happens to be the same, it cannot tell. A .pyc of the " +
				"unchecked-hash kind is never compared at all.",
			Commands: []string{
				"find {current}/ -name '*.pyc' -path '*__pycache__*' -printf '%T+ %p\\n' | sort | tail",
				"stat -c '%y %s %n' {current}/*.py",
			},
			Prevent: "Ship no bytecode, and give each release a fresh directory.",
			Guard:   []string{"rsync -a --exclude='__pycache__/' build/ {root}/releases/$RELEASE/"},
			See:     []string{"clear-bytecode"},
		},
	}
}

// findBytecode sees .pyc files that Python would use instead of newer source (G12).
func findBytecode(b *box.Box) *report.Finding {
	stale := b.Code.Value.Bytecode
	if !b.Code.Known || len(stale) == 0 {
		return nil
	}
	finding := &report.Finding{
		Confidence: report.Likely,
		Why: sys.Textf("%s was compiled before %s got its present content, and Python would use it all the same: the time and size in its header still fit. A restart alone imports the old code again.",
			stale[0].Path, stale[0].Source),
		Fixes: fixes.IDs(fixes.ClearBytecode),
	}
	if stale[0].Unchecked {
		finding.Confidence = report.Certain
		finding.Why = sys.Textf("%s is marked never to be compared with its source, which changed after it was compiled. Python goes on using it whatever the source says.", stale[0].Path)
	}
	for _, one := range stale[:min(len(stale), 5)] {
		finding.Evidence = append(finding.Evidence, report.Observed(path.Base(one.Path),
			sys.Textf("compiled %s, source changed %s", b.ExactClock(one.WrittenAt, one.ChangedAt), b.ExactClock(one.ChangedAt, one.WrittenAt)), sys.Textf("first 16 bytes of %s", one.Path)))
	}
	return finding
}
