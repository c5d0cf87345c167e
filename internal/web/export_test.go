package web

// Patterns is the pattern of every route with who may come, for tests outside of the package.
func Patterns() map[string]string {
	all := map[string]string{everythingElse.pattern: string(everythingElse.who)}
	for _, r := range routes {
		all[r.pattern] = string(r.who)
	}
	return all
}
