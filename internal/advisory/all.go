package advisory

// All are the formats, in the order in which a page offers them.
var All = []Format{
	html,
	markdown,
	csaf,
	osv,
}

// Named finds a format by its name.
func Named(name string) (Format, bool) {
	for _, f := range All {
		if f.Name == name {
			return f, true
		}
	}
	return Format{}, false
}
