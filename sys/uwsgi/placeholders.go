package uwsgi

import (
	"path"
	"strings"
)

// unknownMark stands in a text for what uWSGI puts there and is not known here.
const unknownMark = "\x00"

// magic puts in what "%" and a letter stand for in a file, as uWSGI does before it reads it. What
// it does not know it leaves out, but for "%(", which is a placeholder.
func magic(file string, content []byte) []byte {
	directory := path.Dir(file)
	base := path.Base(file)
	extension := strings.TrimPrefix(path.Ext(base), ".")
	var written []byte
	for at := 0; at < len(content); at++ {
		if content[at] != '%' || at+1 == len(content) {
			written = append(written, content[at])
			continue
		}
		at++
		value := ""
		switch letter := content[at]; letter {
		case '%':
			value = "%"
		case '(':
			value = "%("
		case 'p', 'P', 'o', 'O':
			value = file
		case 'd', 'D':
			value = strings.TrimSuffix(directory, "/") + "/"
		case 's', 'S':
			value = base
		case 'n', 'N':
			value = strings.TrimSuffix(base, path.Ext(base))
		case 'e', 'E':
			value = extension
		case 'c', 'C':
			value = path.Base(directory)
		case 'h', 'H', 'v', 'V', 'u', 'U', 'g', 'G', 'k', 'w', 'W', 't', 'T', 'i', 'j', 'b', 'B', 'x', 'X':
			value = unknownMark
		default:
			if parts := strings.Split(strings.Trim(directory, "/"), "/"); letter >= '0' && letter <= '9' && int(letter-'0') < len(parts) {
				value = parts[letter-'0']
			}
		}
		written = append(written, value...)
	}
	return written
}

// expand puts in what "%(name)", "$(NAME)" and "@(file)" stand for; known is false where that is
// not known here.
func (read *reading) expand(text string) (value string, known bool) {
	const most = 16
	known = true
	for range most {
		at := strings.IndexAny(text, "%$@")
		for at >= 0 && !strings.HasPrefix(text[at+1:], "(") {
			next := strings.IndexAny(text[at+1:], "%$@")
			if next < 0 {
				at = -1
				break
			}
			at += 1 + next
		}
		if at < 0 {
			break
		}
		end := strings.IndexByte(text[at:], ')')
		if end < 0 {
			break
		}
		name, replaced, found := text[at+2:at+end], "", false
		switch text[at] {
		case '%':
			replaced, found = read.placeholder(name)
		case '$':
			if replaced, found = read.start.Variables[name]; !found && read.start.HasVariable != nil && !read.start.HasVariable(name) {
				found = true
			}
		}
		if !found {
			replaced, known = unknownMark, false
		}
		text = text[:at] + replaced + text[at+end+1:]
	}
	return strings.ReplaceAll(text, unknownMark, ""), known && !strings.Contains(text, unknownMark) && !strings.Contains(text, "%(")
}

// placeholder is the value of the first option of a name; those that are calculated are not.
func (read *reading) placeholder(name string) (value string, found bool) {
	for _, one := range read.options {
		if one.key == name {
			return one.value, !one.unsure
		}
	}
	return "", false
}
