package nginx

import crossplane "github.com/nginxinc/nginx-go-crossplane"

// Directives are all directives of a file's text, in order, those in blocks included:
// the name and the arguments of each. Files that it includes are not read.
func Directives(text string) ([][]string, error) {
	parsed, err := parseText(text)
	if err != nil {
		return nil, err
	}
	return flatDirectives(nil, parsed), nil
}

func flatDirectives(flat [][]string, directives crossplane.Directives) [][]string {
	for _, directive := range directives {
		flat = append(flat, append([]string{directive.Directive}, directive.Args...))
		flat = flatDirectives(flat, directive.Block)
	}
	return flat
}
