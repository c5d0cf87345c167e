package web

import "testing"

func TestWhatNobodySeesIsWrittenOutAndNothingElseChanges(t *testing.T) {
	for in, want := range map[string]string{
		"<p>plain, שלום and é</p>":                       "<p>plain, שלום and é</p>",
		"<p>\u202eexe.gpj\u202c and \x01</p>":            `<p><span class="unseen">U+202E</span>exe.gpj<span class="unseen">U+202C</span> and <span class="unseen">U+0001</span></p>`,
		"<p title=\"\u202e\">a\u2067b</p>":               "<p title=\"\u202e\">a<span class=\"unseen\">U+2067</span>b</p>",
		"<textarea name=\"x\">\u202e</textarea>\u202e":   "<textarea name=\"x\">\u202e</textarea><span class=\"unseen\">U+202E</span>",
		"<title>\u202e</title><b>\u202e":                 "<title>\u202e</title><b><span class=\"unseen\">U+202E</span>",
		"a\tb\r\nc<":                                     "a\tb\r\nc<",
		"<option value=\"\u202e\">\u202e</option>\x7f<p": "<option value=\"\u202e\">\u202e</option><span class=\"unseen\">U+007F</span><p",
	} {
		if got := string(visible([]byte(in))); got != want {
			t.Errorf("visible(%q):\n got %q\nwant %q", in, got, want)
		}
	}
}
