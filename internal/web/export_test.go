package web

import "net/http"

// Patterns is the pattern of every route with who may come, for tests outside of the package.
func Patterns() map[string]string {
	all := map[string]string{everythingElse.pattern: string(everythingElse.who)}
	for _, r := range routes {
		all[r.pattern] = string(r.who)
	}
	return all
}

// Behind is a page behind the door of a route, for whoever may come to it.
func Behind(c Config, who string, answer func(http.ResponseWriter)) http.Handler {
	s := &server{c}
	r := route{"/", map[string]access{"member": member, "administrator": administrator}[who], someText,
		func(_ *server, w http.ResponseWriter, _ *http.Request) error { answer(w); return nil }}
	return s.guard(r, s.admitted(r, s.answer(r)))
}

// ReadPage reads the text of a page and says how it is called.
func ReadPage(name string) string { return page(name)().Name() }
