package metrics

var resolution = Measure{
	Name:  "resolution",
	Title: "Time to resolution",
	Doc: "From the arrival of a case's first report until its last release line had a release with the fix; for a case without " +
		"releases until its disclosure, else until it was closed. Left out are reports found not valid and those closed as " +
		"invalid, duplicate or spam. Whatever is not resolved is counted as open, however long it waits. A case that was taken up " +
		"again keeps its first resolution: see the quality of resolution.",
	Unit: Days,
	Of: func(s Sample, r *Result) {
		s.spans(r, func(f *Facts) (int64, int64, bool) { return f.Received, f.resolved(), !f.Wrong }, "Resolved", "Not resolved yet")
	},
}
