package advisory

import (
	"net/url"
	"regexp"
	"strings"
)

// host is a name or an address with or without a port; internationalised names are written in their ASCII form.
var host = regexp.MustCompile(`^([A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?$`)

// web makes of a text an address of the web in the letters of RFC 3986, so that it can stand as it is in HTML, XML,
// Markdown and CSAF. Other schemes, and addresses that carry a name and password, are no links.
func web(text string) (string, bool) {
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.User != nil || !host.MatchString(u.Host) {
		return "", false
	}
	s := u.Scheme + "://" + u.Host + escapeURL(u.EscapedPath())
	if u.RawQuery != "" {
		s += "?" + escapeURL(u.RawQuery)
	}
	if u.Fragment != "" {
		s += "#" + escapeURL(u.EscapedFragment())
	}
	return s, true
}

// escapeURL percent-encodes each byte that may not stand in a path, a query or a fragment, and the few that may but end a
// link of Markdown.
func escapeURL(s string) string {
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	for i := range len(s) {
		switch c := s[i]; {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', strings.IndexByte("-._~/:@!$&*+,;=?", c) >= 0,
			c == '%' && escaped.MatchString(s[i:]):
			b.WriteByte(c)
		default:
			b.WriteString("%" + string(hex[c>>4]) + string(hex[c&15]))
		}
	}
	return b.String()
}

var escaped = regexp.MustCompile(`^%[0-9A-Fa-f]{2}`)
