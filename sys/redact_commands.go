package sys

import (
	"path"
	"slices"
	"strings"
)

// secretOptions are the letters by which a program is given a secret on its command line.
type secretOptions struct {
	// apart are those whose value may be a word of its own, joined those whose value has
	// to be joined to the letter ("-p" alone asks for it).
	apart, joined string
	// between are the characters one of which has to stand in the value: before it comes a
	// user's name, which alone is no secret.
	between string
	// login says that this is so of the program's login command alone.
	login bool
	// wraps says that what comes behind its own options is another program's.
	wraps bool
	// logon says that a word of its own may be user/password, with @ and a place behind.
	logon bool
}

// secretPrograms has the programs by the name that their manual pages give them.
func secretPrograms(name string) (secretOptions, bool) {
	switch name {
	case "curl":
		return secretOptions{apart: "uU", between: ":"}, true
	case "http", "https", "xh":
		return secretOptions{apart: "a", between: ":"}, true
	case "mysql", "mysqldump", "mysqladmin", "mysqlimport", "mysqlcheck", "mysqlshow", "mariadb", "mariadb-dump", "mariadb-admin", "7z", "7za", "rar", "unrar":
		return secretOptions{joined: "p"}, true
	case "sshpass":
		return secretOptions{apart: "p", wraps: true}, true
	case "redis-cli", "valkey-cli":
		return secretOptions{apart: "a"}, true
	case "docker", "podman", "skopeo", "buildah", "nerdctl", "oc", "az", "helm", "cf":
		return secretOptions{apart: "p", login: true}, true
	case "ldapsearch", "ldapmodify", "ldapadd", "ldapdelete", "ldapwhoami", "ldappasswd":
		return secretOptions{apart: "ws"}, true
	case "mongo", "mongosh", "mongodump", "mongorestore", "cqlsh":
		return secretOptions{apart: "p"}, true
	case "sqlcmd", "bcp", "mosquitto_pub", "mosquitto_sub", "zip", "unzip", "ipmitool", "isql": //nolint:misspell // a broker's name
		return secretOptions{apart: "P"}, true
	case "snmpwalk", "snmpget":
		return secretOptions{apart: "cAX"}, true
	case "smbclient":
		return secretOptions{apart: "U", between: "%"}, true
	case "lftp":
		return secretOptions{apart: "u", between: ",:"}, true
	case "sqlplus", "sqlldr", "expdp", "impdp", "rman":
		return secretOptions{logon: true}, true
	case "openssl":
		return secretOptions{}, true
	}
	return secretOptions{}, false
}

// mayHoldCommand is the cheap look whether a line may give one of them a secret.
func mayHoldCommand(line string) bool {
	names := func(program string) bool { return strings.Contains(line, program) }
	if hasOption(line) {
		return slices.ContainsFunc([]string{
			"curl", "http", "xh", "mysql", "mariadb", "7z", "rar", "sshpass", "-cli", "login", "ldap", "mongo", "cqlsh", "sqlcmd", "bcp",
			"mosquitto_", "zip", //nolint:misspell // a broker's name
			"ipmitool", "isql", "snmp", "smbclient", "lftp", "openssl",
		}, names)
	}
	return strings.IndexByte(line, '@') >= 0 && slices.ContainsFunc([]string{"sqlplus", "sqlldr", "expdp", "impdp", "rman"}, names)
}

// hasOption tells whether a word of a line begins like an option of one letter.
func hasOption(line string) bool {
	for at := 0; at < len(line); at++ {
		step := strings.IndexByte(line[at:], '-')
		if step < 0 {
			return false
		}
		at += step
		if at > 0 && (line[at-1] == ' ' || isQuote(line[at-1])) && at+1 < len(line) && (isUpper(line[at+1]) || line[at+1] >= 'a' && line[at+1] <= 'z' || line[at+1] == '-') {
			return true
		}
	}
	return false
}

// longestCommand bounds how many words of a command are looked at, longestValue how far a
// quote closes: a line of half a megabyte may name a program in each of its words.
const (
	longestCommand = 100
	longestValue   = 512
)

// commandSecrets marks the secrets among the words of a command line: for each word the
// offset from which it is to be masked, or -1.
func commandSecrets(words []string) []int {
	marks := make([]int, len(words))
	for index := range marks {
		marks[index] = -1
	}
	for index, word := range words {
		if options, known := secretPrograms(path.Base(word)); known {
			end := min(index+1+longestCommand, len(words))
			options.mark(words[index+1:end], marks[index+1:end])
		}
	}
	return marks
}

// mark looks at the words behind the program's name, as far as the command goes.
func (options secretOptions) mark(words []string, marks []int) {
	login := false
	for index := 0; index < len(words); index++ {
		word := words[index]
		switch {
		case word == "|" || word == "||" || word == "&&" || word == "&" || word == ";":
			return
		case strings.HasPrefix(word, "pass:"):
			marks[index] = len("pass:")
		case len(word) > 1 && word[0] == '-' && word[1] != '-':
			if options.login && !login {
				continue
			}
			letter, from := options.option(word)
			if letter == 0 {
				continue
			}
			if from == len(word) {
				// The value is the next word, for a letter that takes it there.
				if index++; strings.IndexByte(options.apart, letter) < 0 || index == len(words) {
					index--
					continue
				}
				from = 0
			}
			if value := words[index][from:]; options.between == "" || strings.ContainsAny(value, options.between) {
				marks[index] = from
			}
		case word == "--user" || word == "--proxy-user" || word == "--auth":
			if options.between != "" && index+1 < len(words) && strings.ContainsAny(words[index+1], options.between) {
				index++
				marks[index] = 0
			}
		case strings.HasPrefix(word, "--user=") || strings.HasPrefix(word, "--auth="):
			if options.between != "" && strings.ContainsAny(word, options.between) {
				marks[index] = strings.IndexByte(word, '=') + 1
			}
		case word[:min(len(word), 1)] == "-":
		case options.logon && strings.IndexByte(word, '/') > 0 && !strings.ContainsAny(word[:strings.IndexByte(word, '/')], ".="):
			marks[index] = strings.IndexByte(word, '/') + 1
		case options.wraps:
			return
		case word == "login":
			login = true
		}
	}
}

// option finds one of the letters in an option, behind others that take no value, and where
// its value begins: at the end of the word if it is not joined.
func (options secretOptions) option(word string) (letter byte, from int) {
	for at := 1; at < len(word) && (isUpper(word[at]) || word[at] >= 'a' && word[at] <= 'z'); at++ {
		if strings.IndexByte(options.apart, word[at]) >= 0 || at == 1 && strings.IndexByte(options.joined, word[at]) >= 0 {
			return word[at], at + 1
		}
	}
	return 0, 0
}

// maskCommands masks what is given to programs on their command line, wherever such a line
// stands in a text.
func maskCommands(text string) string {
	return eachLineMasked(text, mayHoldCommand, func(words []textWord) {
		bare := make([]string, len(words))
		for index, word := range words {
			bare[index] = word.text
		}
		for index, from := range commandSecrets(bare) {
			if from >= 0 {
				words[index].mask(from)
			}
		}
	})
}

// textWord is a word of a line, without what quotes and lists put around it.
type textWord struct {
	text string
	// from is its offset in the line; masked is from where in the word on it is secret, -1
	// for nowhere.
	from, masked int
}

func (word *textWord) mask(from int) {
	if value := word.text[from:]; value != "" && value != Mask && !isReference(value) {
		word.masked = from
	}
}

// eachLineMasked has the words of each line that may hold a secret marked, and masks what
// was: to the end of the word, or of the quotes in which it begins.
func eachLineMasked(text string, mayHold func(line string) bool, markWords func([]textWord)) string {
	var out strings.Builder
	var words []textWord
	done, next := 0, 0
	for line := range strings.Lines(text) {
		begin := next
		next += len(line)
		if !mayHold(line) {
			continue
		}
		words = textWords(words[:0], line)
		markWords(words)
		for _, word := range words {
			if word.masked < 0 || begin+word.from < done {
				continue
			}
			from, end := word.secret(line)
			if end > from && line[from:end] != Mask {
				out.WriteString(text[done:begin+from] + Mask)
				done = begin + end
			}
		}
	}
	if done == 0 {
		return text
	}
	out.WriteString(text[done:])
	return out.String()
}

// secret is where in its line the secret of a word begins and ends.
func (word textWord) secret(line string) (from, end int) {
	from, end = word.from+word.masked, word.from+len(word.text)
	if isQuote(line[from]) {
		from++
	}
	if from > 0 && isQuote(line[from-1]) {
		if closing := strings.IndexByte(line[from:min(from+longestValue, len(line))], line[from-1]); closing >= 0 {
			end = from + closing
		}
	}
	return from, end
}

func isQuote(c byte) bool { return c == '"' || c == '\'' }

// textWords splits a line at its blanks, and puts its words behind others.
func textWords(words []textWord, line string) []textWord {
	const around = "\"'`()[]{},;"
	for at := 0; at < len(line); {
		if line[at] == ' ' || line[at] == '\n' {
			at++
			continue
		}
		from := at
		for at < len(line) && line[at] != ' ' && line[at] != '\n' {
			at++
		}
		left := strings.TrimLeft(line[from:at], around)
		words = append(words, textWord{text: strings.TrimRight(left, around), from: at - len(left), masked: -1})
	}
	return words
}

// isReference tells of a value that it names a variable, which is what a reader of a
// configuration wants to see: $NAME and ${NAME}.
func isReference(value string) bool {
	reference, ok := strings.CutPrefix(value, "$")
	reference = strings.TrimSuffix(strings.TrimPrefix(reference, "{"), "}")
	return ok && reference != "" && strings.IndexFunc(reference, func(r rune) bool {
		return r != '_' && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') && (r < '0' || r > '9')
	}) < 0
}
