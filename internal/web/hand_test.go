package web_test

import (
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// found is what stands on a page under a name that people read.
type found struct {
	Name  string  `json:"name"`
	X     float64 `json:"x"`
	Y     float64 `json:"y"`
	Kind  string  `json:"kind"` // "a", "button", "radio", "textarea" …
	Same  bool    `json:"same"` // it is what was asked for
	Group bool    `json:"group"`
	Error string  `json:"error"`
	Count int     `json:"count"` // how many places on the page take the focus
}

// naming is how people name what they can press and fill in: by its label, or by what it says. A choice may be named after its
// question, "Do they agree to be named?: Yes", where a page has two of a name.
const naming = `
const tidy = s => (s || "").replace(/\s+/g, " ").trim();
const bare = e => { const c = e.cloneNode(true); c.querySelectorAll(".optional, .hidden").forEach(x => x.remove()); return tidy(c.textContent); };
const nameOf = e => e.labels && e.labels.length ? bare(e.labels[0]) : tidy(e.getAttribute("aria-label")) || bare(e);
const kindOf = e => e.tagName === "INPUT" ? e.type : e.tagName.toLowerCase();
const askedBy = e => { const f = e.closest("fieldset"); const l = f && f.querySelector("legend"); return l ? bare(l) + ": " + nameOf(e) : null; };
const usable = () => [...document.querySelectorAll("a[href], button, summary, input:not([type=hidden]), select, textarea, [tabindex='0']")]
	.filter(e => !e.disabled && e.checkVisibility({checkVisibilityCSS: true, contentVisibilityAuto: true}));
// Whatever begins with the name will do where nothing has just that name, and then whatever holds it.
const ways = [(e, name) => nameOf(e) === name || askedBy(e) === name, (e, name) => nameOf(e).startsWith(name), (e, name) => nameOf(e).includes(name)];
const is = (e, name) => (ways.find(way => usable().some(x => way(x, name))) || ways[0])(e, name);
const middle = e => { const r = [...e.getClientRects()].find(r => r.width > 0 && r.height > 0) || e.getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2]; };
`

// find is the place of what has a name, scrolled into view.
func (b *tab) find(name string) found {
	b.t.Helper()
	f := evaluate[found](b, `(() => {`+naming+`
		const name = $$, all = usable();
		const e = all.find(e => is(e, name));
		if (!e) return {error: "nothing is called " + JSON.stringify(name) + " among: " + all.map(e => kindOf(e) + " " + JSON.stringify(nameOf(e).slice(0, 60))).join(", ")};
		e.scrollIntoView({block: "center", behavior: "instant"});
		const [x, y] = middle(e);
		return {name: nameOf(e), kind: kindOf(e), x, y};
	})()`, name)
	if f.Error != "" {
		b.t.Fatalf("%s: %s", b.path(), f.Error)
	}
	return f
}

// focused is what has the focus, and whether somebody who sees the page sees that: an outline or a shadow, within the window,
// under nothing else.
func (b *tab) focused(wanted string) found {
	b.t.Helper()
	return evaluate[found](b, `(() => {`+naming+`
		const e = document.activeElement, name = $$, count = usable().length;
		if (!e || e === document.body || e === document.documentElement) return {kind: "page", count};
		const out = {name: nameOf(e), kind: kindOf(e), same: is(e, name), count, error: ""};
		out.group = kindOf(e) === "radio" && [...document.getElementsByName(e.name)].some(x => is(x, name));
		const s = getComputedStyle(e), r = e.getBoundingClientRect();
		let [x, y] = middle(e);
		if (r.top < innerHeight && r.bottom > 0) y = Math.min(Math.max(y, 1), innerHeight - 1); // of a long box, what is in the window
		const at = document.elementFromPoint(x, y);
		if (!(s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 1) && s.boxShadow === "none") out.error = "the focus is not shown";
		else if (x < 0 || y < 0 || x > innerWidth || y > innerHeight) out.error = "the focus is outside of the window";
		else if (at && !e.contains(at) && !at.contains(e) && !(e.labels && [...e.labels].some(l => l.contains(at)))) out.error = "the focus is under something else: " + at.outerHTML.slice(0, 80);
		return out;
	})()`, wanted)
}

// tabTo goes by Tab to what has a name. On the way every stop must be seen, and none may keep the focus.
func (b *tab) tabTo(name string) found {
	b.t.Helper()
	limit, last, still := 0, "", 0
	for pressed := 0; ; pressed++ {
		f := b.focused(name)
		if f.Error != "" {
			b.t.Errorf("%s: on the way to %q, at the %s %q: %s", b.path(), name, f.Kind, f.Name, f.Error)
		}
		if f.Same && f.Kind != "page" {
			return f
		}
		if f.Group { // the arrows go from choice to choice
			b.press(kb.ArrowDown)
			continue
		}
		if here := f.Kind + f.Name; here == last && f.Kind != "page" {
			still++
		} else {
			last, still = here, 0
		}
		limit = max(limit, 2*f.Count+20)
		if still > 8 || pressed > limit {
			b.find(name) // says what there is, if it is not there at all
			b.t.Fatalf("%s: Tab does not lead to %q; it stays at the %s %q", b.path(), name, f.Kind, f.Name)
		}
		b.press("\t")
	}
}

func (b *tab) clickAt(f found) {
	b.t.Helper()
	b.must("click "+f.Name, chromedp.MouseClickXY(f.X, f.Y))
}

// use presses what has a name and stays on the page: a choice, a summary, a field.
func (b *tab) use(name string) {
	b.t.Helper()
	if !b.keys {
		b.clickAt(b.find(name))
		return
	}
	switch f := b.tabTo(name); f.Kind {
	case "checkbox", "summary":
		b.press(" ")
	case "radio":
		b.press(" ")
	}
}

// follow presses what leads to another page: a link or a button.
func (b *tab) follow(name string) int {
	b.t.Helper()
	var status int
	if b.keys {
		b.tabTo(name)
		status = b.arrive("press Enter on "+name, chromedp.KeyEvent("\r"))
	} else {
		f := b.find(name)
		status = b.arrive("click "+name, chromedp.MouseClickXY(f.X, f.Y))
	}
	b.calm("after " + name)
	return status
}

// fill writes into the field with a label, over what stands there.
func (b *tab) fill(label, text string) {
	b.t.Helper()
	b.use(label)
	f := b.focused(label)
	if !f.Same {
		b.t.Fatalf("%s: the field %q does not take the focus, the %s %q has it", b.path(), label, f.Kind, f.Name)
	}
	switch f.Kind {
	case "select", "date", "datetime-local", "number":
		b.press(text)
	default:
		b.press("a", chromedp.ModifierCtrl)
		if b.keys && len(text) < 60 {
			b.press(text)
			return
		}
		b.insert(text)
	}
}

// value is what stands in the field with a label.
func (b *tab) value(label string) string {
	b.t.Helper()
	return evaluate[string](b, `(() => {`+naming+`
		const e = usable().find(e => is(e, $$));
		return !e ? "there is no such field" : e.tagName === "SELECT" ? e.selectedOptions[0].textContent : e.value;
	})()`, label)
}

// moment types an instant into a field that asks for day and time, as "03152026\t1200PM".
func (b *tab) moment(label, typed string) {
	b.t.Helper()
	if b.keys {
		b.tabTo(label)
	} else {
		// A click on the middle of the field would begin with the year: a click on its edge begins with the month.
		f := b.find(label)
		x := evaluate[float64](b, `(() => {`+naming+`return usable().find(e => is(e, $$)).getBoundingClientRect().x + 12})()`, label)
		b.must("click "+label, chromedp.MouseClickXY(x, f.Y))
	}
	b.press(typed)
}
