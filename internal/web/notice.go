package web

import (
	"slices"
	"strings"

	"github.com/tipstaff/tipstaff/cvd"
)

// noticeTitle is a notice as the policy calls it; a correction is named after what it corrects.
func (s *server) noticeTitle(project cvd.ProjectID, n cvd.Notice) string {
	name, number, made := cvd.Corrects(n.Name)
	title := upperFirst(words(name))
	if p, err := s.Casework.PolicyOf(project); err == nil {
		for _, x := range p.Document.Notices {
			if x.Name == name && x.Title != "" {
				title = x.Title
			}
		}
	}
	switch {
	case made && n.Withdraws:
		return "Withdrawal of “" + title + "”"
	case made:
		return "Correction " + number + " of “" + title + "”"
	}
	return title
}

// reordered says of an order that it was not the only one of its notice: why it came, and when the first was; or of an earlier one
// that another came after it.
func reordered(n cvd.Notice, all []cvd.Notice, z zone) string {
	at := func(o cvd.Notice) string { m := z.at(o.At); return m.Day + " " + m.Hour }
	same := slices.DeleteFunc(slices.Clone(all), func(o cvd.Notice) bool { return o.Name != n.Name })
	slices.SortStableFunc(same, func(a, b cvd.Notice) int { return a.At.Compare(b.At) })
	if len(same) < 2 {
		return ""
	}
	first, last := same[0], same[len(same)-1]
	if n.Event != last.Event {
		return "Ordered before; ordered again on " + at(last) + "."
	}
	why := ""
	if n.Again != "" {
		why = ", because: " + strings.TrimRight(n.Again, ".")
	}
	return "Ordered again on " + at(n) + why + "; first order on " + at(first) + "."
}

// notices are the last orders of a case's notices, with what was ordered before them.
func (v *workView) notices(s *server, view cvd.View, z zone) {
	for _, x := range view.Notices {
		name, _, _ := cvd.Corrects(x.Name)
		note := reordered(x, slices.Concat(view.Notices, view.OldOrders), z)
		if x.Because != "" {
			note = "Because: " + x.Because
		}
		v.Notices = append(v.Notices, row{Title: s.noticeTitle(view.Project, x), By: s.name(view, x.By), At: z.at(x.At), State: delivery(x), Text: x.Text, Note: note,
			Clause: v.Terms.at("notices." + name)})
	}
}
