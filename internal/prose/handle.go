package prose

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// Handle is an address of a person or a team as a text writes it.
type Handle struct {
	Service string // mail, discord, x, matrix, telegram, github, key, web, invite
	Name    string // the address itself
	Line    int
	Wrong   string // why nobody can be reached by it, if so
}

var (
	mailAddress = regexp.MustCompile(`(?i)\b[a-z0-9][a-z0-9._%+-]{0,63}@(?:[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?\.){1,8}[a-z]{2,24}\b`)
	mailHidden  = regexp.MustCompile(`(?i)\b([a-z0-9][a-z0-9._%+-]{0,63})\s*(?:\[at\]|\(at\)|\{at\}| AT )\s*((?:[a-z0-9-]{1,63}\s*(?:\[dot\]|\(dot\)|\{dot\}| DOT |\.)\s*){1,6}[a-z]{2,24})\b`)
	mailDots    = regexp.MustCompile(`(?i)\s*(?:\[dot\]|\(dot\)|\{dot\}| DOT )\s*`)
	webAddress  = regexp.MustCompile(`\bhttps?://[^\s<>"'` + "`" + `\\^{}|]+`)
	tagQuoted   = regexp.MustCompile("`([^`\n]{2,40}#\\d{4})`")
	tagBare     = regexp.MustCompile(`(?:^|[\s(,:])([\p{L}\d_.][\p{L}\d_. -]{0,30}?[\p{L}\d_.]#\d{4})(?:$|[\s),.;])`)
	matrixID    = regexp.MustCompile(`(?:^|[\s(<` + "`" + `])(@[\w.=/-]{1,100}:[\w.-]{1,100}\.[a-zA-Z]{2,24})\b`)
	atName      = regexp.MustCompile(`(?:^|[\s(,:` + "`" + `])@([A-Za-z0-9_][A-Za-z0-9_-]{0,60})`)
	fingerprint = regexp.MustCompile(`(?i)\b(?:0x)?((?:[0-9A-F]{4}[ \x{00a0}]{0,2}){9}[0-9A-F]{4})\b`)
	xName       = regexp.MustCompile(`^[A-Za-z0-9_]{1,15}$`)
	speaksOfX   = regexp.MustCompile(`\bx\.com|\bon x\b|\bx:`)
	githubName  = regexp.MustCompile(`^[A-Za-z0-9](?:[A-Za-z0-9]|-[A-Za-z0-9]){0,38}$`)
)

// mostHandles is how many are taken from one text.
const mostHandles = 1000

// Handles are the addresses in a text: each once, in their order, with what is wrong about their form.
func Handles(text []byte) []Handle {
	var all []Handle
	seen := map[string]bool{}
	for _, b := range Blocks(text) {
		if b.Kind == Code {
			continue
		}
		for _, p := range b.parts {
			for _, h := range handlesIn(p.text) {
				if key := h.Service + " " + strings.ToLower(h.Name); !seen[key] && len(all) < mostHandles {
					seen[key] = true
					h.Line = p.line
					all = append(all, h)
				}
			}
		}
	}
	return all
}

// handlesIn are the addresses in a line of markup.
func handlesIn(line string) []Handle {
	var all []Handle
	rest := line
	cut := func(pattern *regexp.Regexp, service string, wrong func(string) string) {
		for _, m := range pattern.FindAllStringSubmatch(rest, 50) {
			h := Handle{Service: service, Name: m[len(m)-1]}
			if wrong != nil {
				h.Wrong = wrong(h.Name)
			}
			all = append(all, h)
		}
		rest = pattern.ReplaceAllString(rest, " ")
	}
	for _, m := range webAddress.FindAllString(rest, 100) {
		all = append(all, webHandle(strings.TrimRight(m, ".,;:!?)]*_")))
	}
	rest = webAddress.ReplaceAllString(rest, " ")
	for _, m := range mailHidden.FindAllStringSubmatch(rest, 20) {
		all = append(all, Handle{Service: "mail", Name: m[1] + "@" + mailDots.ReplaceAllString(m[2], ".")})
	}
	rest = mailHidden.ReplaceAllString(rest, " ")
	cut(matrixID, "matrix", nil)
	cut(mailAddress, "mail", nil)
	cut(fingerprint, "key", nil)
	retired := func(string) string {
		return "Discord retired names with a number behind # in 2023: nobody can be found by it"
	}
	cut(tagQuoted, "discord", retired)
	cut(tagBare, "discord", retired)
	lower := strings.ToLower(line)
	for _, m := range atName.FindAllStringSubmatch(rest, 50) {
		all = append(all, atService(m[1], lower))
	}
	return all
}

// atService is an @name; the words of its line say of which service.
func atService(name, line string) Handle {
	h := Handle{Service: "github", Name: "@" + name}
	switch {
	case strings.Contains(line, "telegram"):
		h.Service = "telegram"
	case strings.Contains(line, "twitter") || speaksOfX.MatchString(line):
		h.Service = "x"
		if !xName.MatchString(name) {
			h.Wrong = "a name on X has at most 15 letters, digits and _"
		}
	case strings.Contains(line, "matrix") || strings.Contains(line, "element"):
		h.Service, h.Wrong = "matrix", "a Matrix name has its server behind a colon: @name:example.org"
	case strings.Contains(line, "discord"):
		h.Service = "discord"
	default:
		if !githubName.MatchString(name) {
			h.Wrong = "a name on GitHub has at most 39 letters, digits and single hyphens"
		}
	}
	return h
}

// webHandle is a web address; some of them are a way to people.
func webHandle(address string) Handle {
	h := Handle{Service: "web", Name: address}
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" {
		h.Wrong = "this is no web address"
		return h
	}
	host, path := strings.ToLower(strings.TrimPrefix(u.Hostname(), "www.")), strings.Trim(u.Path, "/")
	last := path[strings.LastIndex(path, "/")+1:]
	switch {
	case host == "discord.gg" || strings.HasPrefix(path, "invite/") && strings.HasPrefix(host, "discord"):
		h.Service = "invite"
		if last == "" {
			h.Wrong = "the invite has no code"
		}
	case host == "t.me":
		h.Service = "telegram"
	case (host == "x.com" || host == "twitter.com") && path != "" && !strings.Contains(path, "/"):
		h.Service = "x"
		if !xName.MatchString(path) {
			h.Wrong = "a name on X has at most 15 letters, digits and _"
		}
	case strings.HasSuffix(path, ".asc") || strings.HasSuffix(path, ".gpg") || strings.HasPrefix(host, "keys.") || strings.Contains(host, "keyserver"):
		h.Service = "key"
	case host == "matrix.to":
		h.Service = "matrix"
	}
	return h
}

// Mention is a place where a text names a person.
type Mention struct {
	Name string
	Line int
	Text string
}

// Names finds the places that name any of these people or handles, as whole words and in any case.
func Names(text []byte, people []string) []Mention {
	var all []Mention
	for _, b := range Blocks(text) {
		lower := " " + strings.ToLower(b.Text) + " "
		for _, name := range people {
			if name = strings.TrimSpace(name); name != "" && wordIn(lower, strings.ToLower(name)) && len(all) < mostHandles {
				all = append(all, Mention{Name: name, Line: b.Line, Text: short(b.Text)})
			}
		}
	}
	return all
}

func wordIn(text, word string) bool {
	for from := 0; ; {
		i := strings.Index(text[from:], word)
		if i < 0 {
			return false
		}
		at, end := from+i, from+i+len(word)
		if at > 0 && end < len(text) && !letterOrDigit(text[at-1]) && !letterOrDigit(text[end]) {
			return true
		}
		from = end
	}
}

func letterOrDigit(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c >= 0x80
}

// Links are the web addresses in a text, each once.
func Links(text []byte) []Handle {
	return slices.DeleteFunc(Handles(text), func(h Handle) bool { return !strings.Contains(h.Name, "://") })
}
