package metrics

var success = Measure{
	Name:  "success",
	Title: "Resolution success rate",
	Doc: "Of the cases that ended, the share that ended with a fix: every affected release line was released, or the case was closed " +
		"as fixed. A case ended when its fix was released, or when it was closed or deferred. Left out are reports found not " +
		"valid and those closed as invalid, duplicate or spam. Cases that are still worked on are counted as open and are no failures.",
	Unit: Share,
	Of: func(s Sample, r *Result) {
		const ended, fixed, unfixed, open = 0, 1, 2, 3
		of := s.sort(4, func(f *Facts) uint {
			if f.Wrong {
				return 0
			}
			fix := f.Released != 0 || f.Outcome == "fixed"
			return bit(ended, fix || f.over()) | bit(fixed, fix) | bit(unfixed, !fix && f.over()) | bit(open, !fix && !f.over())
		})
		if len(of[ended])+len(of[open]) == 0 {
			return
		}
		r.Numbers = []Number{s.share("rate", "Ended with a fix", len(of[fixed]), of[ended]), s.counted("fixed", "Ended with a fix", of[fixed]),
			s.counted("unfixed", "Ended without one", of[unfixed]), s.counted("open", "Still worked on", of[open])}
		r.Months = s.sharedMonths(of[fixed], of[ended])
	},
}
