package web

import (
	"strings"
	"testing"
)

// A document can be proposed by anybody with a forge: its words are letters, and its anchors are ours.
func TestAWrittenPolicyIsLettersAndOurAnchors(t *testing.T) {
	got, err := anchored([]byte(`- <a id="clocks.response"></a>**First** <a id="main"></a>`+"\uE0001\uE001"+`<script>alert(1)</script>
- <a id="clocks.response"></a>again <img src=x onerror=alert(1)> <a id="clocks.other" href="javascript:alert(1)">x</a>
`), []string{"clocks", "clocks.response", "clocks.response.within", "clocks.other"})
	if err != nil {
		t.Fatal(err)
	}
	for _, never := range []string{"script", "img", "javascript", "main", "\uE000", "\uE001"} {
		if strings.Contains(string(got), never) {
			t.Errorf("%q is in the page:\n%s", never, got)
		}
	}
	for _, want := range []string{`<li><a id="clocks.response"></a><a id="clocks.response.within"></a><strong>First`, `<a id="clocks"></a><a id="clocks.other"></a>`} {
		if !strings.Contains(string(got), want) {
			t.Errorf("no %s in the page:\n%s", want, got)
		}
	}
	if n := strings.Count(string(got), `id="clocks.response"`); n != 1 {
		t.Errorf("the page has an anchor %d times", n)
	}
}
