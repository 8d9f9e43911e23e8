package nginx

import "strings"

// blankLua empties the blocks of Lua code in a configuration (content_by_lua_block and
// its like): braces and quotes in Lua are not Nginx's. Lines stay where they are.
func blankLua(content string) string {
	const mark = "_by_lua_block"
	if !strings.Contains(content, mark) {
		return content
	}
	var out strings.Builder
	for {
		before, rest, found := strings.Cut(content, mark)
		out.WriteString(before)
		if !found {
			return out.String()
		}
		out.WriteString(mark)
		content = rest
		// Between the directive and its block stands at most a variable.
		opening := strings.IndexAny(rest, "{;}#\n")
		if opening < 0 || rest[opening] != '{' {
			continue
		}
		closing := endOfLua(rest, opening+1)
		out.WriteString(rest[:opening+1])
		out.WriteString(strings.Repeat("\n", strings.Count(rest[opening:closing], "\n")))
		content = rest[closing:]
	}
}

// endOfLua finds the brace that closes a block of Lua code, past strings ("…", '…',
// [[…]], [=[…]=]) and comments (--…, --[[…]]).
func endOfLua(code string, at int) int {
	for depth := 1; at < len(code); at++ {
		switch rest := code[at:]; {
		case rest[0] == '{':
			depth++
		case rest[0] == '}':
			if depth--; depth == 0 {
				return at
			}
		case rest[0] == '"' || rest[0] == '\'':
			at = endOfLuaString(code, at)
		case strings.HasPrefix(rest, "--"):
			if length := luaLongBracket(rest[2:]); length > 0 {
				at += 1 + length
			} else if end := strings.IndexByte(rest, '\n'); end >= 0 {
				at += end
			} else {
				return len(code)
			}
		case rest[0] == '[':
			if length := luaLongBracket(rest); length > 0 {
				at += length - 1
			}
		}
	}
	return len(code)
}

func endOfLuaString(code string, at int) int {
	for end := at + 1; end < len(code); end++ {
		switch code[end] {
		case '\\':
			end++
		case code[at], '\n':
			return end
		}
	}
	return len(code)
}

// luaLongBracket is the length of a [[…]] at the beginning of the text; 0 for none.
func luaLongBracket(text string) int {
	level := 0
	for 1+level < len(text) && text[1+level] == '=' {
		level++
	}
	if !strings.HasPrefix(text, "[") || 1+level >= len(text) || text[1+level] != '[' {
		return 0
	}
	closing := "]" + strings.Repeat("=", level) + "]"
	if end := strings.Index(text, closing); end >= 0 {
		return end + len(closing)
	}
	return len(text)
}
