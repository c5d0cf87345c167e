package metrics

var volume = Measure{
	Name:  "volume",
	Title: "Report volume",
	Doc: "How many cases were opened in the period, and how many reports they bundle: a report that continues a closed case, or " +
		"is merged into one, is a report and no case. The spread is by kind of report. Reports of kinds that open no case are not counted.",
	Unit: Cases,
	Of: func(s Sample, r *Result) {
		all, sum := make([]int32, len(s.Facts)), 0
		for i, f := range s.Facts {
			all[i], sum = int32(i), sum+f.Reports
		}
		cases := s.counted("cases", "Cases opened", all)
		reports := cases
		reports.Name, reports.Title, reports.Unit, reports.Value = "reports", "Reports in them", Count, float64(sum)
		r.Numbers = []Number{cases, reports}
		r.Months = s.countedMonths(all)
		r.Spread = s.spread(func(f *Facts) (string, bool) { return f.Kind, true })
	},
}
