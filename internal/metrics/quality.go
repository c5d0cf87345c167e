package metrics

var quality = Measure{
	Name:  "quality",
	Title: "Resolution quality",
	Doc: "Of the cases whose fix was released, the share that stayed resolved. Not resolved stayed: a case in which somebody " +
		"saw after the release that the matter is not resolved (an incomplete fix), and one that was taken up again by a new " +
		"report after the release (it came back: a regression, or a fix that was not complete). A case that was taken up again " +
		"before it had a release, after it was closed or found invalid, is counted as reopened. Over the cases of the period; " +
		"what nobody has looked at since the release counts as resolved.",
	Unit: Share,
	Of: func(s Sample, r *Result) {
		const released, sound, incomplete, back, reopened = 0, 1, 2, 3, 4
		of := s.sort(5, func(f *Facts) uint {
			if f.Released == 0 {
				return bit(reopened, f.Reopened != 0)
			}
			unsolved, again := f.Trail.Unresolved >= f.Released, f.Reopened >= f.Released
			return bit(released, true) | bit(sound, !unsolved && !again) | bit(incomplete, unsolved) | bit(back, again) |
				bit(reopened, f.Reopened != 0 && !again)
		})
		if len(of[released])+len(of[reopened]) == 0 {
			return
		}
		r.Numbers = []Number{s.share("sound", "Stayed resolved", len(of[sound]), of[released]),
			s.counted("incomplete", "The fix was not complete", of[incomplete]), s.counted("back", "Came back after the release", of[back]),
			s.counted("reopened", "Taken up again without a release", of[reopened])}
		r.Months = s.sharedMonths(of[sound], of[released])
	},
}
