package python

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// Requirement is what a project asks of one package, by its requirements or its lock file.
type Requirement struct {
	// Name is normalized (PEP 503).
	Name string
	// Wanted is the version specifier as it is written ("==2.3", ">=1,<2"); empty where any
	// version does, or where a URL says which.
	Wanted string
	// Optional says that it need not be installed: a lock holds every group's packages.
	Optional bool
	// Conditional says that it may not apply here at all: it has an environment marker, or
	// is one of several versions in a lock.
	Conditional bool
}

// NormalizeName is a package's name as it is compared (PEP 503).
func NormalizeName(name string) string {
	return strings.ToLower(nameSeparators().ReplaceAllString(name, "-"))
}

var (
	nameSeparators = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`[-_.]+`) })
	// clauseShape is one clause of a version specifier (PEP 440).
	clauseShape = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^(===|==|~=|!=|<=|>=|<|>)\s*([^\s]+)$`)
	})
	plainVersion = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[0-9]{1,9}(?:\.[0-9]{1,9})*$`) })
)

// Allows tells whether a version is what the requirement asks for; known is false where that
// cannot be said. Versions of numbers and dots alone are compared by their order (PEP 440);
// of any others, pre-releases for example, only that they are written alike is known.
func (requirement Requirement) Allows(version string) (allowed, known bool) {
	if requirement.Wanted == "" {
		return true, true
	}
	allowed, known = true, true
	for clause := range strings.SplitSeq(requirement.Wanted, ",") {
		if strings.TrimSpace(clause) == "" {
			continue
		}
		holds, compared := clauseAllows(clause, version)
		switch {
		case compared && !holds:
			return false, true
		case !compared:
			allowed, known = false, false
		}
	}
	return allowed, known
}

func clauseAllows(clause, version string) (holds, known bool) {
	found := clauseShape().FindStringSubmatch(strings.TrimSpace(clause))
	if found == nil {
		return false, false
	}
	operator, wanted := found[1], plainly(found[2])
	// What stands behind the plus names who built it, and is left out unless it is asked for.
	public, _, _ := strings.Cut(version, "+")
	have := plainly(public)
	if strings.Contains(wanted, "+") {
		have = plainly(version)
	}
	if have == wanted {
		return slices.Contains([]string{"===", "==", "~=", "<=", ">="}, operator), true
	}
	series, isSeries := strings.CutSuffix(wanted, ".*")
	if !plainVersion().MatchString(have) || !plainVersion().MatchString(series) || operator == "===" {
		return false, false
	}
	order := compareReleases(have, series)
	if isSeries {
		within := len(releaseNumbers(have)) >= len(releaseNumbers(series)) && inSeries(have, releaseNumbers(series))
		return within == (operator == "=="), operator == "==" || operator == "!="
	}
	switch operator {
	case "==":
		return order == 0, true
	case "!=":
		return order != 0, true
	case "<":
		return order < 0, true
	case "<=":
		return order <= 0, true
	case ">":
		return order > 0, true
	case ">=":
		return order >= 0, true
	}
	numbers := releaseNumbers(series)
	return order >= 0 && inSeries(have, numbers[:max(len(numbers)-1, 0)]), len(numbers) > 1
}

// plainly is a version without what makes no difference: capitals and a leading v.
func plainly(version string) string { return strings.TrimPrefix(strings.ToLower(version), "v") }

func releaseNumbers(version string) []int {
	var numbers []int
	for part := range strings.SplitSeq(version, ".") {
		number, _ := strconv.Atoi(part)
		numbers = append(numbers, number)
	}
	return numbers
}

// compareReleases takes missing numbers for zeros: 1.0 is 1.0.0.
func compareReleases(a, b string) int {
	left, right := releaseNumbers(a), releaseNumbers(b)
	length := max(len(left), len(right))
	return slices.Compare(padded(left, length), padded(right, length))
}

func padded(numbers []int, length int) []int {
	return append(slices.Clone(numbers), make([]int, max(length-len(numbers), 0))...)
}

func inSeries(version string, series []int) bool {
	return slices.Equal(padded(releaseNumbers(version), len(series))[:len(series)], series)
}
