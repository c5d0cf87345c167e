package metrics

var stalled = Measure{
	Name:  "stalled",
	Title: "Cases that stand still",
	Doc: "Cases that are worked on and in which nothing happened for two weeks, or for as long as was asked; a missed promise is " +
		"nothing that happened. Over the cases of the period that are neither closed, deferred nor found invalid. The days are counted " +
		"from the last thing that happened until now; the months are those of arrival.",
	Unit: Cases,
	Of: func(s Sample, r *Result) {
		const working, still = 0, 1
		of := s.sort(2, func(f *Facts) uint {
			return bit(working, !f.over()) | bit(still, !f.over() && s.Now-f.Trail.Moved >= s.Idle)
		})
		if len(of[working]) == 0 {
			return
		}
		stand := &values{all: s.Facts}
		for _, i := range of[still] {
			stand.add(i, days(s.Facts[i].Trail.Moved, s.Now))
		}
		r.Numbers = []Number{s.counted("stalled", "Stand still", of[still]), stand.quantile("longest", "For, at most", Days, 1),
			s.counted("working", "Worked on in all", of[working])}
		r.Months = s.countedMonths(of[still])
	},
}
