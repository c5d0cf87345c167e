package metrics

// phases are the parts of a case's way, each from the mark before it.
var phases = []struct {
	name, title string
	from, to    func(*Facts) int64
}{
	{"answer", "Until it was answered", func(f *Facts) int64 { return f.Received }, func(f *Facts) int64 { return f.Trail.Answered }},
	{"validation", "From the answer until it was found valid", func(f *Facts) int64 { return f.Trail.Answered }, func(f *Facts) int64 { return f.Validated }},
	{"triage", "From there until it was triaged", func(f *Facts) int64 { return f.Validated }, func(f *Facts) int64 { return f.Triaged }},
	{"fix", "From triage until the fix was ready", func(f *Facts) int64 { return f.Triaged }, func(f *Facts) int64 { return f.FixReady }},
	{"release", "From the fix until it was released", func(f *Facts) int64 { return f.FixReady }, func(f *Facts) int64 { return f.Released }},
	{"disclosure", "From the release until it was disclosed", func(f *Facts) int64 { return f.Released }, func(f *Facts) int64 { return f.Disclosed }},
	{"close", "From the disclosure until it was closed", func(f *Facts) int64 { return f.Disclosed }, func(f *Facts) int64 { return f.Closed }},
}

var phase = Measure{
	Name:  "phase",
	Title: "Time in each phase",
	Doc: "How long half of the cases took, at most, from one step of the process to the next; over the cases of the period that reached " +
		"both. A case that took two steps at once, or in another order, took no time between them. The first figure is the time " +
		"from arrival to closing.",
	Unit: Days,
	Of: func(s Sample, r *Result) {
		whole, took := s.values(), make([]values, len(phases))
		var open []int32
		for i, f := range s.Facts {
			if f.Closed == 0 {
				open = longer(open, int32(i))
			} else {
				whole.add(int32(i), max(days(f.Received, f.Closed), 0))
			}
			for p := range phases {
				if from, to := phases[p].from(f), phases[p].to(f); from != 0 && to != 0 {
					took[p].add(int32(i), max(days(from, to), 0))
				}
			}
		}
		r.Months = whole.months(s, Days)
		r.Numbers = []Number{whole.quantile("median", "From arrival to closing, half of them within", Days, 0.5), s.counted("open", "Not closed yet", open)}
		for p := range phases {
			took[p].all = s.Facts
			r.Spread = append(r.Spread, took[p].quantile(phases[p].name, phases[p].title, Days, 0.5))
		}
	},
}
