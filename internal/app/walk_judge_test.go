package app_test

import (
	"regexp"
	"slices"
	"strings"

	"github.com/google/go-cmp/cmp"
)

// alike asks that a public page is the same for everybody, whatever they have in their hands.
func (w *walker) alike(what string, got answer) {
	w.t.Helper()
	want, there := w.public[what]
	if !there {
		w.public[what] = got
		return
	}
	if diff := cmp.Diff(want, got); diff != "" {
		w.t.Errorf("%s is not what a stranger gets (-stranger +%s):\n%s", what, w.who.name, diff)
	}
}

// visible says whether a case is there for the visitor, below a project's addresses.
func (w *walker) visible(row walked, at place) bool {
	if string(at.of.project) != at.project {
		return false
	}
	if row.to == public || row.to == anybody && at.of.public {
		return at.of.public
	}
	return w.who.sees(at.of.name) || at.of.public && w.who.project == at.of.project && !w.who.out
}

// keeps says whether the visitor keeps the register of a project.
func (w *walker) keeps(project string) bool {
	return w.who.keeper && !w.who.out && string(w.who.project) == project
}

// compare asks for a case that never was, where the one that was asked for is not there for the visitor: the two are one answer.
func (w *walker) compare(what string, at place, got answer, ask func(place) answer) {
	w.t.Helper()
	never, id := at, string(at.of.id)
	never.of = object{project: at.of.project, id: "JUNO-0000", patch: at.of.patch}
	w.same(what, at.of.name, got, ask(never), strings.NewReplacer(id, "JUNO-0000"))
}

// unregistered asks for an entry of the register that never was, for whom there is no register: the two are one answer.
func (w *walker) unregistered(what string, at place, got answer, ask func(place) answer) {
	w.t.Helper()
	was, nothing := w.register, strings.Repeat("0", len(w.register.member)) // as long, so that the two answers are too
	w.register = register{nothing, nothing, nothing}
	want := ask(at)
	w.register = was
	w.same(what, "the register", got, want, strings.NewReplacer(was.member, nothing, was.applicant, nothing, was.entry, nothing))
}

func (w *walker) same(what, of string, got, absent answer, names *strings.Replacer) {
	w.t.Helper()
	for _, a := range []*answer{&got, &absent} {
		a.Body = names.Replace(a.Body)
		if to := a.Header.Get("Location"); to != "" {
			a.Header.Set("Location", names.Replace(to))
		}
	}
	if diff := cmp.Diff(absent, got); diff != "" {
		w.t.Errorf("%s (%s) is not the answer for what never was (-absent +withheld):\n%s", what, of, diff)
	}
}

// judgePage says whether a page answered as it should.
func (w *walker) judgePage(pattern string, row walked, method, what string, at place, got answer) {
	w.t.Helper()
	want := row.want
	if want == nil {
		want = []int{200}
	}
	mine := string(w.who.project) == at.project && !w.who.out
	inside := w.who.handle != "" && mine
	desk := row.to == members || row.to == keepers || row.to == administrators
	switch {
	case row.to == public && strings.Contains(pattern, "cases/{case}") && !w.visible(row, at),
		row.to == holders && !(w.who.code != "" && mine), row.to == invitees && !(w.who.link != "" && mine), row.to == readers && !(w.who.letter != "" && mine):
		want = []int{404}
	case desk && !inside && method == "GET":
		want = []int{303}
	case desk && !inside:
		want = []int{401}
	case row.to == administrators && !w.who.admin, row.to == keepers && (!w.keeps(at.project) || w.elsewhere(pattern, at)), row.to == members && strings.Contains(pattern, "{case}") && !w.visible(row, at):
		want = []int{404}
	}
	if !slices.Contains(want, got.Status) {
		w.t.Errorf("%s (%s): got %d, want %v: %s", what, at.of.name, got.Status, want, says(got))
	}
	if got.Status == 303 && !strings.HasPrefix(got.Header.Get("Location"), "/desk/"+at.project) {
		w.t.Errorf("%s leads to %q", what, got.Header.Get("Location"))
	}
}

// judgeOperation says whether an operation answered as it should.
func (w *walker) judgeOperation(row walked, what string, at place, about bool, got answer) {
	w.t.Helper()
	want := row.want
	if want == nil {
		want = []int{200}
	}
	known := string(w.who.project) == at.project && !w.who.out
	has := w.who.token+w.who.code != ""
	inside := known && w.who.handle != ""
	switch {
	case row.to == public:
	case has && !known, row.to != anybody && !has: // what is no credential here, and none at all
		want = []int{401}
	case row.to == guests && !inside && !w.who.guest, (row.to == members || row.to == keepers || row.to == administrators) && !inside, row.to == administrators && !w.who.admin:
		want = []int{403}
	case about && !w.visible(row, at), row.to == keepers && !w.keeps(at.project):
		want = []int{404}
	case row.to == keepers && w.elsewhere(row.at[0], at): // what was sent is looked at first, whether there is such an entry or not
		want = []int{404, 422}
	}
	if !slices.Contains(want, got.Status) {
		w.t.Errorf("%s (%s): got %d, want %v: %s", what, at.of.name, got.Status, want, says(got))
	}
}

// elsewhere says whether an entry of the register is asked for where it is not: the scene has one register.
func (w *walker) elsewhere(pattern string, at place) bool {
	return at.project != "juno" && regexp.MustCompile(`[{$](member|applicant|entry)`).MatchString(pattern)
}

// everythingThatIsTheirs asks that the walk was no blind one: who may read a word has met it somewhere.
func (w *walker) everythingThatIsTheirs() {
	w.t.Helper()
	for name, of := range w.who.reads {
		if of == "-" || w.who.out {
			continue
		}
		for _, category := range strings.Fields(of) {
			if word := name + " " + category; w.sown[word] && !w.met[word] && category != "EVIDENCE" { // of a verification, which stands in an export and on no page
				w.t.Errorf("%s may read the %s of %s, and met it nowhere: the walk is blind", w.who.name, category, name)
			}
		}
	}
}
