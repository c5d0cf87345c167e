package metrics

var response = Measure{
	Name:  "response",
	Title: "Time to response",
	Doc: "From the arrival of a case's first report until a person of the team dealt with it: acknowledged it, found it valid or not, " +
		"triaged, deferred or accepted it. The program's own receipt does not count. Over all cases of the period, the months " +
		"being those of arrival, the spread by severity. Reports that nobody has dealt with are counted as waiting.",
	Unit: Days,
	Of: func(s Sample, r *Result) {
		s.spans(r, func(f *Facts) (int64, int64, bool) { return f.Received, f.Trail.Answered, true }, "Answered", "Waiting for an answer")
	},
}
