package python

import (
	"regexp"
	"strings"
	"sync"
)

// RequirementsFile is what one file in pip's format asks for.
type RequirementsFile struct {
	Requirements []Requirement
	// Includes are the files that it names by -r, as they are written there.
	Includes []string
	// Unread is how many lines ask for something else: a URL, a directory, what a
	// variable holds.
	Unread int
}

var (
	requirementShape = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(?:\[[^\]]*\])?\s*(.*)$`)
	})
	hashOption   = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\s--[a-z].*$`) })
	lineComment  = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(^|\s+)#.*$`) })
	includeShape = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^(?:-r|--requirement)(?:\s+|=|\s*)(\S+)$`)
	})
)

// ParseRequirements reads a file in the format of `pip install -r` (pip's Requirements File
// Format): a requirement a line, with extras, markers and hashes; a line may go on behind a
// backslash.
func ParseRequirements(text []byte) RequirementsFile {
	var file RequirementsFile
	joined := strings.ReplaceAll(strings.ReplaceAll(strings.TrimPrefix(string(text), "\ufeff"), "\r\n", "\n"), "\\\n", "")
	for line := range strings.SplitSeq(joined, "\n") {
		line = strings.TrimSpace(lineComment().ReplaceAllString(line, ""))
		switch {
		case line == "":
		case includeShape().MatchString(line) && !strings.HasPrefix(line, "--requirements"):
			file.Includes = append(file.Includes, includeShape().FindStringSubmatch(line)[1])
		case strings.HasPrefix(line, "-e") || strings.HasPrefix(line, "--editable"):
			file.Unread++
		case strings.HasPrefix(line, "-"):
			// Where to look for packages, and how: nothing of what is asked for.
		default:
			requirement, ok := parseRequirement(hashOption().ReplaceAllString(line, ""))
			if !ok {
				file.Unread++
				continue
			}
			file.Requirements = append(file.Requirements, requirement)
		}
	}
	return file
}

// parseRequirement reads `name[extra]>=1,<2; marker`, and `name @ URL` as the mere name.
func parseRequirement(text string) (requirement Requirement, ok bool) {
	text, marker, marked := strings.Cut(text, ";")
	found := requirementShape().FindStringSubmatch(strings.TrimSpace(text))
	if found == nil || strings.Contains(text, "${") {
		return Requirement{}, false
	}
	wanted := strings.TrimSpace(strings.Trim(strings.TrimSpace(found[2]), "()"))
	requirement = Requirement{Name: NormalizeName(found[1]), Wanted: wanted, Conditional: marked && strings.TrimSpace(marker) != ""}
	if strings.HasPrefix(wanted, "@") {
		requirement.Wanted = ""
		return requirement, true
	}
	for clause := range strings.SplitSeq(wanted, ",") {
		clause = strings.TrimSpace(clause)
		if clause != "" && !clauseShape().MatchString(clause) {
			return Requirement{}, false
		}
	}
	return requirement, true
}
