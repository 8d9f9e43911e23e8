package practice

import (
	"crypto/sha1" //nolint:gosec // git names its commits by it
	"encoding/hex"
	"fmt"
	"path"
	"strings"
)

// commitNamed is a commit id that looks like one and is always the same.
func commitNamed(text string) string {
	sum := sha1.Sum([]byte(text)) //nolint:gosec // see the import
	return hex.EncodeToString(sum[:])
}

const noCommit = "0000000000000000000000000000000000000000"

// headCommit is what `git rev-parse HEAD` would say in a directory.
func (b *Box) headCommit(root *node, directory string) string {
	head, err := walk(root, path.Join(directory, ".git/HEAD"), true)
	if err != nil {
		return ""
	}
	text := strings.TrimSpace(string(head.content))
	name, symbolic := strings.CutPrefix(text, "ref: ")
	if !symbolic {
		return text
	}
	ref, err := walk(root, path.Join(directory, ".git", name), true)
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(ref.content))
}

// gitClone makes the files of a fresh clone at a commit.
func (b *Box) gitClone(directory, commit, remote string) {
	git := path.Join(directory, ".git")
	for _, name := range []string{"objects", "hooks", "refs/tags"} {
		b.makeDirectory(path.Join(git, name))
	}
	b.write(path.Join(git, "config"), "[core]\n\trepositoryformatversion = 0\n\tbare = false\n[remote \"origin\"]\n\turl = "+remote+
		"\n\tfetch = +refs/heads/*:refs/remotes/origin/*\n[branch \"main\"]\n\tremote = origin\n\tmerge = refs/heads/main\n")
	b.write(path.Join(git, "HEAD"), "ref: refs/heads/main\n")
	b.gitMove(directory, noCommit, commit, "clone: from "+remote)
}

// gitFetch moves the remote-tracking ref alone.
func (b *Box) gitFetch(directory, commit string) {
	git := path.Join(directory, ".git")
	b.replace(path.Join(git, "refs/remotes/origin/main"), commit+"\n")
	b.write(path.Join(git, "FETCH_HEAD"), commit+"\t\tbranch 'main' of git.example:team/site\n")
}

// gitPull is a fetch and a fast-forward.
func (b *Box) gitPull(directory, commit string) {
	b.gitMove(directory, b.headCommit(b.root, directory), commit, "pull: Fast-forward")
}

func (b *Box) gitMove(directory, from, to, action string) {
	git := path.Join(directory, ".git")
	b.gitFetch(directory, to)
	b.replace(path.Join(git, "refs/heads/main"), to+"\n")
	line := fmt.Sprintf("%s %s Deploy <deploy@git.example> %d +0000\t%s\n", from, to, b.clock.time().Unix(), action)
	for _, log := range []string{"logs/HEAD", "logs/refs/heads/main"} {
		old := ""
		if found := b.find(path.Join(git, log)); found != nil {
			old = string(found.content)
		}
		b.write(path.Join(git, log), old+line)
	}
}
