package policy

import (
	"slices"
	"strconv"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

// extension asks whether a promise may be made longer: by whom nobody asks here, but by how much, how often, and whether the
// reporter agrees. Without a clock it asks whether any promise of the case may.
func (w *weighing) extension() {
	x := w.What.Extended
	if x == nil {
		if !slices.ContainsFunc(openClocks(w.Case), func(k cvd.Clock) bool { return w.policy.Extendable(k) }) {
			w.object("", time.Time{}, "no promise that is open in this case may be made longer")
		}
		return
	}
	i := slices.IndexFunc(openClocks(w.Case), func(k cvd.Clock) bool { return k.Name == x.Clock && w.policy.Extendable(k) })
	if i < 0 {
		w.object("", time.Time{}, "the policy lets nobody make “%s” longer here: it is not open, or its clock says nothing of extend", x.Clock)
		return
	}
	k := openClocks(w.Case)[i]
	rule, _ := w.policy.ruleOf(k)
	clause := "clocks." + k.Name + ".extend"
	if k.Due.IsZero() {
		w.object("", time.Time{}, "the promise has no instant at the moment: it stands, or waits for an event")
		return
	}
	if !x.Until.After(k.Due) {
		w.object("", time.Time{}, "it is promised until %s: longer is an instant after that", cvd.Instant(k.Due))
	}
	if latest := w.policy.add(rule.Calendar, k.Due, rule.Extend.By); x.Until.After(latest) {
		w.object(clause+".by", time.Time{}, "a promise is made longer by at most %s at a time: until %s here", rule.Extend.By.Words(), cvd.Instant(latest))
	}
	if most := max(rule.Extend.Times, 1); k.Times >= most {
		w.object(clause+".times", time.Time{}, "it was made longer %s, and the policy allows no more", oftenWords(k.Times))
	}
	if rule.Extend.Reporter && !filled(x.Agreed) {
		w.object(clause+".reporter", time.Time{}, "the reporter has to agree: say where they did")
	}
}

func oftenWords(n int) string {
	if n == 1 {
		return "once"
	}
	return strconv.Itoa(n) + " times"
}

// extends says whether the policy lets any promise be made longer. Where none is, nobody is offered to.
func (p *Policy) extends() bool {
	return slices.ContainsFunc(p.Document.Clocks, func(k Clock) bool { return k.Extend != nil })
}

// Extendable says whether a running clock is a promise that its rule lets people make longer.
func (p *Policy) Extendable(k cvd.Clock) bool {
	rule, ok := p.ruleOf(k)
	return ok && rule.Extend != nil && k.Kind == rule.promise()
}
