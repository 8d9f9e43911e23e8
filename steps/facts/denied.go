package facts

import (
	"context"
	"slices"

	"flasktui/sys/python"
)

// compiledAnother tells whether the bytecode beside a file that was written after the start
// shows that the service imported another content: the file was of another length then. It
// is what is left where a memory may not be asked; times alone would say of a copy of the
// same what only the memory takes back, so that knowing less made it more certain. Bytecode
// counts that the service's own user wrote, as its processes then follow each change of the
// source with it; what an installer compiled may be of any earlier file.
func (look *look) compiledAnother(ctx context.Context, known *Facts, file Change) bool {
	main, running := known.oldestImporter()
	compiled, err := python.ReadBytecodes(ctx, look.machine, file.Path)
	if err != nil || !running || len(compiled) == 0 {
		return false
	}
	return !slices.ContainsFunc(compiled, func(one python.BytecodeFile) bool {
		its := main.Unreadable["uid"] == "" && int(one.Info.UID) == main.UID
		return one.Header.HashBased || int64(one.Header.SourceSize) == file.Size || !its || !ContentTime(one.Info).Before(file.At)
	})
}
