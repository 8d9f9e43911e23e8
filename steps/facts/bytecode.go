package facts

import (
	"context"
	"path"
	"time"

	"flasktui/sys"
	"flasktui/sys/python"
)

// readBytecode finds .pyc files that Python would use although the source is another one
// (G12). Only sources changed after the service was last started, or whose .pyc is
// unchecked, can matter, so the newest are looked at.
func (look *look) readBytecode(ctx context.Context, known *Facts, code *Code, sources []Change) {
	const mostLookedAt = 400
	prefix := ""
	if main, ok := known.Main(); ok {
		prefix = main.Master.Shown["PYTHONPYCACHEPREFIX"]
	}
	if prefix != "" {
		return
	}
	for _, source := range sources[:min(len(sources), mostLookedAt)] {
		if source.Committed {
			// Written again with the content that it had: the bytecode is of that.
			continue
		}
		files, err := python.ReadBytecodes(ctx, look.machine, source.Path)
		if err != nil {
			continue
		}
		info, err := look.machine.Stat(ctx, source.Path)
		if err != nil {
			continue
		}
		for _, file := range files {
			if source.Path == code.Source.Path && !file.Header.HashBased {
				code.Source.CompiledAt, code.Source.CompiledSize = ContentTime(file.Info), int64(file.Header.SourceSize)
			}
			if stale, is := staleBytecode(file, source, info); is {
				stale.Keeper = look.keeperOf(ctx, path.Dir(source.Path))
				if cache, err := look.machine.Stat(ctx, path.Dir(file.Path)); err == nil {
					stale.CacheUID = cache.UID
				} else {
					stale.Keeper.Problem = err.Error()
				}
				code.Bytecode = append(code.Bytecode, stale)
			}
		}
	}
}

// staleBytecode applies Python's own rule: time and size in the header equal to the
// source's, or no check at all; and the source's content is younger than the bytecode.
func staleBytecode(file python.BytecodeFile, source Change, info sys.FileInfo) (StaleBytecode, bool) {
	written := ContentTime(file.Info)
	younger := ContentTime(info)
	stale := StaleBytecode{Path: file.Path, Source: source.Path, WrittenAt: written, ChangedAt: younger}
	if file.Header.HashBased {
		stale.Unchecked = !file.Header.CheckSource
		return stale, stale.Unchecked && younger.After(written)
	}
	wouldBeUsed := file.Header.SourceModified.Unix() == info.Modified.Unix() && int64(file.Header.SourceSize) == info.Size
	// A source that was written, compiled and has not changed since is older than
	// its bytecode; the margin is for file systems with coarse clocks.
	return stale, wouldBeUsed && younger.Sub(written) > 50*time.Millisecond
}
