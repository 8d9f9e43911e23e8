package sys

import (
	"encoding/base64"
	"strings"
	"sync"
	"unicode/utf8"
)

// tokenForm is a kind of token that its issuer made recognisable: what it begins with, of
// which characters the rest is, and how many of these there are at least.
//
// The forms are facts about the issuers' tokens. Those of the first part are the ones with a
// beginning of their own among the default rules of gitleaks v8.30.1
// (github.com/zricethezav/gitleaks, MIT licence, Copyright (c) 2019 Zachary Rice), written
// down here as beginning, characters and length; the rules themselves are not used. Left out
// are beginnings that a hash or a file's name may have as well. Those of the second part are
// known from use, and were looked up nowhere. Lengths are about the shorter half of a real
// token's: a token that was cut is still one.
type tokenForm struct {
	beginning  string
	characters string
	least      int
}

const (
	tokenWord   = "_-"
	tokenDotted = "_-."
	tokenBase64 = "_-+/="
	tokenLink   = "_-.+/=%:@"
)

func tokenForms() []tokenForm {
	var forms []tokenForm
	of := func(characters string, least int, beginnings ...string) {
		for _, beginning := range beginnings {
			forms = append(forms, tokenForm{beginning, characters, least})
		}
	}
	of("", 16, "AKIA", "ASIA", "ABIA", "ACCA", "LTAI", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "hf_", "api_org_", "sntryu_", "shpat_", "shpca_", "shppa_", "shpss_",
		"sm_aat_", "sm_pat_", "sm_sat_", "lin_api_", "ntn_", "pnu_", "rdme_", "rubygems_", "shippo_live_", "shippo_test_", "dop_v1_", "doo_v1_", "dor_v1_", "AGE-SECRET-KEY-1")
	of("", 24, "npm_", "dapi", "EZAK", "EZTK", "AKCp", "cmVmd", "API-")
	of(tokenWord, 16, "glpat-", "gldt-", "glft-", "glffct-", "glimt-", "glagent-", "gloas-", "glptt-", "glrt-", "glcbt-", "glsoat-", "GR1348941", "github_pat_",
		"duffel_test_", "duffel_live_", "fio-u-", "pscale_tkn_", "pscale_oauth_", "pscale_pw_", "pplx-", "tk-us-", "xkeysib-", "sgp_", "sq0atp-", "fo1_", "PMAK-", "p8e-", "glsa_", "HRKU-AA")
	of(tokenWord, 8, "xoxa-", "xoxb-", "xoxe-", "xoxo-", "xoxp-", "xoxr-", "xoxs-", "xapp-", "sk_live_", "sk_test_", "sk_prod_", "rk_live_", "rk_test_", "rk_prod_", "FLWSECK_TEST-")
	of(tokenWord, 32, "sk-", "AIza", "pypi-", "sha256~")
	of(tokenDotted, 16, "hvs.", "hvb.", "dp.pt.", "dt0c01.", "xoxe.xoxb-", "xoxe.xoxp-")
	of(tokenDotted, 32, "SG.")
	of(tokenBase64, 24, "glc_", "fm1a_", "fm1r_", "fm2_", "ops_eyJ", "sntrys_", "ABSK", "EAAM", "EAAC", "bedrock-api-key-")
	of(tokenLink, 8, "hooks.slack.com/services/", "hooks.slack.com/workflows/", "hooks.slack.com/triggers/")

	of("", 16, "gsk_", "r8_", "squ_", "sqp_", "figd_", "sbp_")
	of(tokenBase64, 16, "whsec_")
	of(tokenDotted, 16, "ya29.")
	of(tokenWord, 16, "sq0csp-", "tskey-", "dckr_pat_", "dckr_oat_", "ATATT3", "ATCTT3", "lsv2_", "xai-", "nvapi-", "CFPAT-", "NRAK-")
	of(tokenWord, 8, "xoxc-", "xoxd-")
	of(tokenLink, 8, "discord.com/api/webhooks/", "discordapp.com/api/webhooks/")
	return forms
}

// tokenTable has the forms by their first character.
var tokenTable = sync.OnceValue(func() *[256][]tokenForm {
	var table [256][]tokenForm
	for _, form := range tokenForms() {
		first := form.beginning[0]
		table[first] = append(table[first], form)
	}
	return &table
})

// maskShapes masks tokens by their form. Each word is looked at once, and no form asks for
// what comes after a token: a text that was cut must not match where the whole did not.
func maskShapes(text string) string {
	table := tokenTable()
	var out strings.Builder
	done := 0
	for at := 0; at < len(text); at++ {
		if isWordByte(text[at]) {
			if from, end := tokenAt(text, at, table); end > 0 {
				out.WriteString(text[done:from] + Mask)
				done, at = end, end
			}
			for at < len(text) && isWordByte(text[at]) {
				at++
			}
		}
	}
	if done == 0 {
		return text
	}
	out.WriteString(text[done:])
	return out.String()
}

// tokenAt is the secret part of a token that begins at an offset; end is 0 for none.
func tokenAt(text string, at int, table *[256][]tokenForm) (from, end int) {
	for _, form := range table[text[at]] {
		if !strings.HasPrefix(text[at:], form.beginning) {
			continue
		}
		from = at + len(form.beginning)
		end = from + runOf(text[from:], form.characters)
		if end-from < form.least {
			continue
		}
		if form.characters != tokenLink {
			from = at
		}
		return from, end
	}
	if text[at] >= '0' && text[at] <= '9' || text[at] == 'b' {
		return botToken(text, at)
	}
	if text[at] == 'e' {
		return at, signedToken(text, at)
	}
	return 0, 0
}

// runOf counts the letters, digits and given other characters at the start of a text.
func runOf(text, others string) int {
	for i := range len(text) {
		if c := text[i]; c == '_' && strings.IndexByte(others, c) < 0 || !isWordByte(c) && strings.IndexByte(others, c) < 0 {
			return i
		}
	}
	return len(text)
}

func isWordByte(c byte) bool {
	return c == '_' || isUpper(c) || c >= 'a' && c <= 'z' || c >= '0' && c <= '9'
}

// botToken is a token of Telegram's, "123456789:" and 35 characters, in its URLs behind
// "bot".
func botToken(text string, at int) (from, end int) {
	const shortest, longest, secret = 8, 10, 30
	number := at
	if strings.HasPrefix(text[at:], "bot") {
		number += len("bot")
	}
	colon := number
	for colon < len(text) && text[colon] >= '0' && text[colon] <= '9' {
		colon++
	}
	if digits := colon - number; digits < shortest || digits > longest || colon == len(text) || text[colon] != ':' {
		return 0, 0
	}
	length := runOf(text[colon+1:], tokenWord)
	if length < secret {
		return 0, 0
	}
	return colon + 1, colon + 1 + length
}

// signedToken is the end of a JSON Web Token or of one of Flask's signed cookies, three
// parts of which the first begins like an encoded object; 0 for none.
func signedToken(text string, at int) int {
	const least = 4
	if !strings.HasPrefix(text[at:], "eyJ") {
		return 0
	}
	end := at + len("eyJ")
	for part := range 3 {
		length := runOf(text[end:], tokenWord)
		if part == 2 {
			length = runOf(text[end:], tokenDotted)
		}
		if length == 0 || part < 2 && (length < least || end+length == len(text) || text[end+length] != '.') {
			return 0
		}
		end += length
		if part < 2 {
			end++
		}
	}
	return end
}

// isBasic tells whether a word is what HTTP's Basic scheme makes of "user:password".
func isBasic(word string) bool {
	const least = 6
	word = strings.TrimRight(word, "=")
	decoded, err := base64.RawStdEncoding.DecodeString(word[:len(word)-len(word)%4])
	return err == nil && len(word) >= least && utf8.Valid(decoded) && strings.Contains(string(decoded), ":") &&
		strings.IndexFunc(string(decoded), func(r rune) bool { return r < 0x20 }) < 0
}
