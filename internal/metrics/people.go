package metrics

var people = Measure{
	Name:  "people",
	Title: "People involved",
	Doc: "How many people took part in a case: whoever did something that is recorded in it, reporters and guests included, each " +
		"once. The program itself is nobody. Over all cases of the period. Whoever only read a case is not counted.",
	Unit: People,
	Of: func(s Sample, r *Result) {
		v := s.values()
		for i, f := range s.Facts {
			v.add(int32(i), float64(len(f.Trail.People)))
		}
		r.Months = v.months(s, People)
		r.Numbers = []Number{
			v.quantile("median", "In half of the cases at most", People, 0.5),
			v.quantile("p90", "In nine of ten cases at most", People, 0.9),
			v.quantile("most", "At most", People, 1),
		}
	},
}
