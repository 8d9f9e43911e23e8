package web

import (
	"strings"
	"unicode"

	"flasktui/sys/git"
)

// SameRelease compares two names of releases, or markers: commits by prefix, as they are
// shortened to various lengths, and others whole, with or without a leading "v".
func SameRelease(one, other string) bool {
	one, other = PlainName(one), PlainName(other)
	return one != "" && one == other || git.SameCommit(one, other)
}

// PlainName is a name without what does not tell it from another: case, white space, a leading "v".
func PlainName(name string) string {
	return strings.ToLower(strings.TrimPrefix(strings.TrimSpace(name), "v"))
}

// NamedAlike tells whether two names of releases follow one pattern: commits where the other
// has them, numbers where the other has them, and the same words and marks between. Names that
// do not cannot be compared: "v2" contradicts "v1", and says nothing of a directory of a date,
// nor does a date of a commit.
func NamedAlike(one, other string) bool {
	return one != "" && other != "" && namePattern(one) == namePattern(other)
}

// The patterns of a name that is nothing but a commit, or a number.
const (
	commitPattern = "<commit>"
	numberPattern = "<number>"
)

// namePattern puts a mark in the place of each commit, or abbreviation of one, and of each
// number.
func namePattern(name string) string {
	var pattern, word strings.Builder
	end := func() {
		pattern.WriteString(wordPattern(word.String()))
		word.Reset()
	}
	for _, char := range strings.ToLower(name) {
		if unicode.IsLetter(char) || unicode.IsDigit(char) {
			word.WriteRune(char)
			continue
		}
		end()
		pattern.WriteRune(char)
	}
	end()
	return pattern.String()
}

func wordPattern(word string) string {
	if git.SameCommit(word, word) {
		return commitPattern
	}
	var pattern strings.Builder
	for len(word) > 0 {
		rest := strings.TrimLeft(word, "0123456789")
		if len(rest) < len(word) {
			pattern.WriteString(numberPattern)
			word = rest
			continue
		}
		pattern.WriteByte(word[0])
		word = word[1:]
	}
	return pattern.String()
}

// StampedAlike tells two names of one kind that a machine gives: commits, or times written as
// digits alone. Version numbers are none: they are changed by hand, and seldom when they ought
// to be.
func StampedAlike(one, other string) bool {
	const shortestTime = 8
	if !NamedAlike(one, other) {
		return false
	}
	pattern := namePattern(one)
	return pattern == commitPattern || pattern == numberPattern && len(one) == len(other) && len(one) >= shortestTime
}
