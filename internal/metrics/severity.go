package metrics

var severity = Measure{
	Name:  "severity",
	Title: "Severity distribution",
	Doc: "How many cases there are of each severity class, as the team decided last, whether or not the matter came " +
		"back since. Over the cases of the period that were not found invalid. Those without a decision are counted as such, and " +
		"not guessed from what the reporter wrote.",
	Unit: Cases,
	Of: func(s Sample, r *Result) {
		const decided, undecided = 0, 1
		of := s.sort(2, func(f *Facts) uint {
			return bit(decided, !f.Wrong && f.Class != "") | bit(undecided, !f.Wrong && f.Class == "")
		})
		if len(of[decided])+len(of[undecided]) == 0 {
			return
		}
		r.Numbers = []Number{s.counted("decided", "With a severity", of[decided]), s.counted("undecided", "Not decided yet", of[undecided])}
		r.Months = s.countedMonths(of[decided])
		r.Spread = s.spread(func(f *Facts) (string, bool) { return named(f.Class), !f.Wrong })
	},
}
