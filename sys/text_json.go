package sys

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode"
)

// SafeJSON makes every string of a JSON document Safe, keys included; all else stays as it
// is written. What is alike stays alike, so facts can still be compared afterwards.
func SafeJSON(document []byte) ([]byte, error) {
	return eachJSONString(document, func(quoted []byte) ([]byte, error) {
		if bare := string(quoted[1 : len(quoted)-1]); plain(bare) && !strings.ContainsAny(bare, `\<>&`) && string(Safe(bare)) == bare {
			return quoted, nil // It is written as it would be written again.
		}
		var text string
		if err := json.Unmarshal(quoted, &text); err != nil {
			return nil, fmt.Errorf("a string of a JSON document: %w", err)
		}
		encoded, err := json.Marshal(string(Safe(text)))
		return HarmlessJSON(encoded), err
	})
}

// eachJSONString replaces the strings of a document, quotes included.
func eachJSONString(document []byte, replace func(quoted []byte) ([]byte, error)) ([]byte, error) {
	safe := make([]byte, 0, len(document))
	for at := 0; at < len(document); at++ {
		if document[at] != '"' {
			safe = append(safe, document[at])
			continue
		}
		end := at + 1
		for end < len(document) && document[end] != '"' {
			if document[end] == '\\' {
				end++
			}
			end++
		}
		if end >= len(document) {
			return nil, errors.New("a string of a JSON document has no end")
		}
		replaced, err := replace(document[at : end+1])
		if err != nil {
			return nil, err
		}
		safe = append(safe, replaced...)
		at = end
	}
	return safe, nil
}

// HarmlessJSON writes what a terminal would act on as \u escapes, which mean the same to a
// program: argument vectors have to stay exact. In encoded JSON nothing below U+0020 is left
// but the blanks between its parts, and whatever is not ASCII stands inside a string.
func HarmlessJSON(document []byte) []byte {
	text := string(document)
	if strings.IndexFunc(text, actedOn) < 0 {
		return document
	}
	var out strings.Builder
	out.Grow(len(text))
	for _, r := range text {
		switch {
		case !actedOn(r):
			out.WriteRune(r)
		case r > 0xFFFF:
			const surrogates = 0x10000
			fmt.Fprintf(&out, `\u%04x\u%04x`, 0xD800+(r-surrogates)>>10, 0xDC00+(r-surrogates)&0x3FF)
		default:
			fmt.Fprintf(&out, `\u%04x`, r)
		}
	}
	return []byte(out.String())
}

// actedOn are the characters that a terminal acts on, and those that cannot be seen.
func actedOn(r rune) bool {
	return (unicode.IsControl(r) && r >= 0x7F) || hidden(r)
}
