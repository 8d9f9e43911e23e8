package docker

import (
	"encoding/json"
	"strings"
)

// value is a text in which variables were filled in. known is false where one of them is
// told nowhere in the Dockerfile; argument says that one is an argument of the build that
// the Compose files do not give, so that whoever builds may have given another value.
type value struct {
	text            string
	known, argument bool
}

// variable is what an ARG or ENV gives a name.
type variable struct {
	value
	fromENV bool
}

// scope is the variables of one stage.
type scope map[string]variable

// environment is what of a stage's variables goes on to the stages that are made from it.
func (s scope) environment() scope {
	inherited := scope{}
	for name, one := range s {
		if one.fromENV {
			inherited[name] = one
		}
	}
	return inherited
}

// expand takes the quotes off a text and fills in its variables, as the reference of the
// Dockerfile has it: none between single quotes or behind a backslash; ${NAME:-WORD} and
// ${NAME:+WORD} alone of the forms of a shell.
func (s scope) expand(text string) value {
	result := value{known: true}
	var out strings.Builder
	quote := byte(0)
	for index := 0; index < len(text); index++ {
		switch char := text[index]; {
		case quote == 0 && (char == '\'' || char == '"'):
			quote = char
		case quote != 0 && char == quote:
			quote = 0
		case char == '\\' && quote != '\'' && index+1 < len(text):
			index++
			if quote == '"' && !strings.ContainsRune("\"\\$", rune(text[index])) {
				out.WriteByte('\\')
			}
			out.WriteByte(text[index])
		case char == '$' && quote != '\'':
			part, length := s.reference(text[index+1:])
			index += length
			out.WriteString(part.text)
			result.known, result.argument = result.known && part.known, result.argument || part.argument
		default:
			out.WriteByte(char)
		}
	}
	result.text = out.String()
	return result
}

// reference is the value of the variable that a text begins with, behind its "$", and how
// much of the text names it.
func (s scope) reference(text string) (value, int) {
	if braced, isBraced := strings.CutPrefix(text, "{"); isBraced {
		inner, _, closed := strings.Cut(braced, "}")
		if !closed {
			return value{}, len(text)
		}
		length := len(inner) + 2
		name, word, hasWord := strings.Cut(inner, ":")
		one, set := s[name]
		switch {
		case !isVariable(name):
			return value{}, length
		case !hasWord:
			return one.value, length
		case strings.HasPrefix(word, "-") && set && (one.text != "" || !one.known):
			return one.value, length
		case strings.HasPrefix(word, "-"):
			fallback := s.expand(word[1:])
			fallback.argument = fallback.argument || one.argument
			return fallback, length
		case strings.HasPrefix(word, "+") && (!set || one.known):
			alternative := value{known: true, argument: one.argument}
			if set && one.text != "" {
				alternative = s.expand(word[1:])
			}
			return alternative, length
		}
		return value{}, length
	}
	end := strings.IndexFunc(text, func(char rune) bool { return !isVariable("_" + string(char)) })
	if end < 0 {
		end = len(text)
	}
	if end == 0 {
		return value{text: "$", known: true}, 0
	}
	return s[text[:end]].value, end
}

func isVariable(name string) bool {
	return name != "" && (name[0] < '0' || name[0] > '9') && strings.IndexFunc(name, func(r rune) bool {
		return r != '_' && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
	}) < 0
}

// assignments splits NAME=VALUE pairs at the blanks that are not quoted.
func assignments(rest string) []string {
	var list []string
	var word strings.Builder
	quote := byte(0)
	for index := 0; index < len(rest); index++ {
		char := rest[index]
		switch {
		case char == '\\' && quote != '\'' && index+1 < len(rest):
			word.WriteByte(char)
			index++
			word.WriteByte(rest[index])
			continue
		case quote == 0 && (char == '\'' || char == '"'):
			quote = char
		case quote != 0 && char == quote:
			quote = 0
		case quote == 0 && char == ' ':
			if word.Len() > 0 {
				list = append(list, word.String())
			}
			word.Reset()
			continue
		}
		word.WriteByte(char)
	}
	if word.Len() > 0 {
		list = append(list, word.String())
	}
	return list
}

// words takes the shell form or the JSON form of a list.
func words(rest string) []string {
	if list, ok := jsonWords(rest); ok {
		return list
	}
	return strings.Fields(rest)
}

// jsonWords takes the JSON form of a list; ok is false for another form.
func jsonWords(rest string) (list []string, ok bool) {
	ok = strings.HasPrefix(rest, "[") && json.Unmarshal([]byte(rest), &list) == nil
	return list, ok
}
