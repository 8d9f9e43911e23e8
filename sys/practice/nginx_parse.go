package practice

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

// directive is one directive of an Nginx configuration, with its block if it has one.
type directive struct {
	name      string
	arguments []string
	block     []*directive
	file      string
	line      int
}

// nginxFiles is a configuration as read from disk.
type nginxFiles struct {
	box   *Box
	top   []*directive
	files []string
	// failure is the [emerg] line of a configuration that is refused.
	failure  string
	warnings []string
}

const nginxConfiguration = "/etc/nginx/nginx.conf"

// knownDirectives are those that the box's Nginx has; any other is refused.
const knownDirectives = " user worker_processes pid include events worker_connections http server listen server_name location " +
	"proxy_pass root alias index upstream proxy_set_header add_header expires gzip gzip_static gzip_types sendfile tcp_nopush " +
	"keepalive_timeout types default_type access_log error_log proxy_cache proxy_cache_path proxy_cache_valid proxy_cache_key " +
	"proxy_cache_use_stale try_files return types_hash_max_size server_tokens proxy_read_timeout client_max_body_size " +
	"open_file_cache open_file_cache_valid default map_hash_bucket_size proxy_http_version proxy_ignore_headers "

func (b *Box) readNginx() *nginxFiles {
	read := &nginxFiles{box: b}
	read.top = read.file(nginxConfiguration)
	return read
}

// file reads one file and, through include, those it names.
func (r *nginxFiles) file(name string) []*directive {
	found := r.box.find(name)
	if found == nil {
		r.fail(`open() "%s" failed (2: No such file or directory)`, name)
		return nil
	}
	r.files = append(r.files, name)
	tokens := nginxTokens(string(found.content))
	block, rest := r.block(name, tokens, false)
	if len(rest) > 0 {
		r.fail(`unexpected "}" in %s:%d`, name, rest[0].line)
	}
	return block
}

func (r *nginxFiles) fail(format string, arguments ...any) {
	if r.failure == "" {
		r.failure = "nginx: [emerg] " + fmt.Sprintf(format, arguments...)
	}
}

// token is a word or one of ; { }.
type token struct {
	text string
	line int
	word bool
}

// nginxTokens splits a configuration into words, as nginx's ngx_conf_read_token does.
func nginxTokens(content string) []token {
	var tokens []token
	for number, line := range strings.Split(content, "\n") {
		var word strings.Builder
		quote, some := rune(0), false
		flush := func() {
			if some {
				tokens = append(tokens, token{word.String(), number + 1, true})
			}
			word.Reset()
			some = false
		}
	characters:
		for _, r := range line {
			switch {
			case quote != 0 && r == quote:
				quote = 0
			case quote != 0:
				word.WriteRune(r)
			case r == '"' || r == '\'':
				quote, some = r, true
			case r == '#' && !some:
				break characters
			case r == ' ' || r == '\t':
				flush()
			case r == ';' || r == '{' || r == '}':
				flush()
				tokens = append(tokens, token{string(r), number + 1, false})
			default:
				word.WriteRune(r)
				some = true
			}
		}
		flush()
	}
	return tokens
}

// block reads directives up to the end of a block or of the file.
func (r *nginxFiles) block(file string, tokens []token, nested bool) (result []*directive, rest []token) {
	for len(tokens) > 0 && r.failure == "" {
		if !tokens[0].word {
			if tokens[0].text == "}" && nested {
				return result, tokens[1:]
			}
			return result, tokens
		}
		end := slices.IndexFunc(tokens, func(each token) bool { return !each.word })
		if end < 0 || tokens[end].text == "}" {
			r.fail(`directive "%s" is not terminated by ";" in %s:%d`, tokens[0].text, file, tokens[max(end, 0)].line)
			return result, nil
		}
		made := &directive{name: tokens[0].text, file: file, line: tokens[end].line}
		for _, each := range tokens[1:end] {
			made.arguments = append(made.arguments, each.text)
		}
		opens := tokens[end].text == "{"
		tokens = tokens[end+1:]
		if !r.check(made) {
			return result, nil
		}
		if opens {
			if made.name == "types" {
				tokens = tokens[slices.IndexFunc(tokens, func(each token) bool { return each.text == "}" })+1:]
				continue
			}
			made.block, tokens = r.block(file, tokens, true)
		}
		if made.name == "include" {
			result = append(result, r.include(made)...)
			continue
		}
		result = append(result, made)
	}
	if nested && r.failure == "" {
		r.fail(`unexpected end of file, expecting "}" in %s:%d`, file, strings.Count(string(r.box.find(file).content), "\n")+1)
	}
	return result, nil
}

func (r *nginxFiles) check(made *directive) bool {
	if !strings.Contains(knownDirectives, " "+made.name+" ") {
		r.fail(`unknown directive "%s" in %s:%d`, made.name, made.file, made.line)
		return false
	}
	if (made.name == "proxy_pass" || made.name == "root" || made.name == "alias") && len(made.arguments) != 1 {
		r.fail(`invalid number of arguments in "%s" directive in %s:%d`, made.name, made.file, made.line)
		return false
	}
	return true
}

// include reads the files that a pattern names, in order.
func (r *nginxFiles) include(made *directive) []*directive {
	pattern := made.arguments[0]
	if !path.IsAbs(pattern) {
		pattern = path.Join("/etc/nginx", pattern)
	}
	if !strings.ContainsAny(pattern, "*?[") {
		if strings.HasSuffix(pattern, "mime.types") {
			return nil
		}
		return r.file(pattern)
	}
	var result []*directive
	directory := r.box.find(path.Dir(pattern))
	if directory == nil {
		return nil
	}
	for _, name := range directory.names() {
		if matched, _ := path.Match(path.Base(pattern), name); matched {
			result = append(result, r.file(path.Join(path.Dir(pattern), name))...)
		}
	}
	return result
}
