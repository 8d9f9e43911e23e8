package uwsgi

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"go.yaml.in/yaml/v3"
)

// errForm says nothing of what was read, which may be a secret.
var errForm = errors.New("it is not of the form that uWSGI's configuration has")

// parseFile reads the options of one file, of the section that was asked for.
func parseFile(format, section string, content []byte) ([]option, error) {
	switch format {
	case "ini":
		return parseINI(section, content), nil
	case "xml":
		return parseXML(content)
	case "yaml":
		return parseYAML(section, content)
	case "json":
		return parseJSON(section, content)
	}
	return nil, errForm
}

// parseINI reads as uWSGI's ini.c does: a line is "key = value" or a key alone, and comments
// begin a line.
func parseINI(section string, content []byte) []option {
	var options []option
	within := ""
	for line := range strings.Lines(string(content)) {
		line = strings.Trim(line, " \t\r\n")
		switch {
		case line == "" || line[0] == ';' || line[0] == '#':
		case line[0] == '[':
			within = strings.TrimSuffix(line[1:], "]")
		case within == section:
			key, value, _ := strings.Cut(line, "=")
			one := option{key: strings.TrimRight(key, " \t\r"), value: strings.TrimLeft(value, " \t\r")}
			options = append(options, named(one))
		}
	}
	return options
}

// parseXML reads the elements of the first <uwsgi>, by whatever else that is surrounded.
func parseXML(content []byte) ([]option, error) {
	var options []option
	decoder := xml.NewDecoder(bytes.NewReader(content))
	depth, text := 0, ""
	for range mostOptions {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return options, nil
		}
		if err != nil {
			return options, errForm
		}
		switch token := token.(type) {
		case xml.StartElement:
			if depth > 0 || token.Name.Local == "uwsgi" {
				depth++
			}
			text = ""
		case xml.CharData:
			text += string(token)
		case xml.EndElement:
			if depth == 2 {
				options = append(options, named(option{key: token.Name.Local, value: strings.TrimSpace(text)}))
			}
			if depth--; depth <= 0 {
				depth = 0
			}
			text = ""
		}
	}
	return options, errForm
}

// parseYAML reads the keys of a section; a list gives an option several times.
func parseYAML(section string, content []byte) ([]option, error) {
	var document map[string]yaml.Node
	if err := yaml.Unmarshal(content, &document); err != nil {
		return nil, errForm
	}
	node, ok := document[section]
	if !ok || node.Kind != yaml.MappingNode {
		return nil, nil
	}
	var options []option
	for at := 0; at+1 < len(node.Content); at += 2 {
		key, value := node.Content[at].Value, node.Content[at+1]
		values := []*yaml.Node{value}
		if value.Kind == yaml.SequenceNode {
			values = value.Content
		}
		for _, one := range values {
			if one.Kind != yaml.ScalarNode {
				return options, errForm
			}
			options = append(options, named(option{key: key, value: one.Value}))
		}
	}
	return options, nil
}

// parseJSON reads the keys of a section in their order, which uWSGI takes them in.
func parseJSON(section string, content []byte) ([]option, error) {
	var document map[string]json.RawMessage
	if json.Unmarshal(content, &document) != nil {
		return nil, errForm
	}
	raw, ok := document[section]
	if !ok {
		return nil, nil
	}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	if token, err := decoder.Token(); err != nil || token != json.Delim('{') {
		return nil, errForm
	}
	var options []option
	for decoder.More() {
		key, err := decoder.Token()
		if err != nil {
			return options, errForm
		}
		name, isName := key.(string)
		var value any
		if decoder.Decode(&value) != nil || !isName {
			return options, errForm
		}
		values, isList := value.([]any)
		if !isList {
			values = []any{value}
		}
		for _, one := range values {
			switch one := one.(type) {
			case string, json.Number, bool:
				options = append(options, named(option{key: name, value: fmt.Sprint(one)}))
			default:
				return options, errForm
			}
		}
	}
	return options, nil
}

// named reads "set-placeholder = name=value", which makes an option of that name.
func named(one option) option {
	switch one.key {
	case "set", "set-placeholder", "set-ph":
		one.key, one.value, _ = strings.Cut(one.value, "=")
	}
	return one
}
