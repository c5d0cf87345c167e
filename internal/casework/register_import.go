package casework

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/policy"
	"github.com/tipstaff/tipstaff/internal/store"
)

// ListReader reads one kind of list that others keep.
type ListReader struct {
	Name    string // "csv", "validators"
	Title   string
	Doc     string // what the list looks like, and where it comes from
	Members bool   // it holds members of an audience
	Others  bool   // it holds projects downstream
	Whole   bool   // it names all of an audience, each with their weight
	Read    func(text []byte) ([]cvd.Imported, error)
}

// Lists are the kinds of lists that can be taken in.
func (w *Casework) Lists() []ListReader { return slices.Clone(w.listReaders) }

// Listing is a list to take in: its text, or the address at which it stands.
type Listing struct {
	Reader   string
	Text     []byte
	Address  string
	Audience string // whose members it holds; empty: projects downstream
	Consent  string // how its members agreed to be written to, in words; without it nobody writes to them
	Product  string // of the policy, that the projects downstream run where the list does not say; empty: the only one
}

// Taking is what becomes of a list.
type Taking struct {
	Changes []ListChange
	Weighs  []Weighed // how much the entries count, and how much of it is written to afterwards
}

// ListChange is what becomes of one entry of a list.
type ListChange struct {
	Line int
	Name string
	What string // added, changed, unchanged, invalid
	Says string // what changes, or what is wrong
}

// mostListed is how many entries a list may have.
const mostListed = 5000

// ImportList takes a list into the register, as one act. With only set it changes nothing, and says what would. What is in the
// register and not in the list stays as it is.
func (w *Casework) ImportList(ctx context.Context, who cvd.Actor, in Listing, only bool) (Taking, error) {
	if err := keepsRegister(who); err != nil {
		return Taking{}, err
	}
	p, err := w.project(who.Project)
	if err != nil {
		return Taking{}, err
	}
	if in.Audience != "" {
		if _, err := w.audience(who.Project, in.Audience); err != nil {
			return Taking{}, err
		}
	}
	entries, err := w.readList(ctx, in)
	if err != nil {
		return Taking{}, err
	}
	unnamed := !slices.ContainsFunc(entries, func(e cvd.Imported) bool { return e.Other != nil && e.Other.Product != "" })
	if in.Audience == "" && (in.Product != "" || unnamed) {
		if err := fitsProduct(p.inForce(), in.Product); err != nil {
			return Taking{}, err
		}
	}
	for try := 1; ; try++ {
		var t Taking
		var records []store.Record
		if in.Audience != "" {
			t, records, err = w.importMembers(ctx, who, p, in, entries)
		} else {
			t.Changes, records, err = w.importDownstreams(ctx, who, p, in, entries)
		}
		if err != nil || only || len(records) == 0 {
			return t, err
		}
		err = w.store.PutRecords(ctx, who.Project, records)
		if cvd.KindOf(err) == cvd.Conflict && try < 3 {
			continue
		}
		return t, err
	}
}

func (w *Casework) readList(ctx context.Context, in Listing) ([]cvd.Imported, error) {
	var names []string
	for _, r := range w.listReaders {
		if in.Audience != "" && r.Members || in.Audience == "" && r.Others {
			names = append(names, r.Name)
		}
	}
	if err := first(oneOf("/reader", in.Reader, names...), shortLine("/consent", in.Consent)); err != nil {
		return nil, err
	}
	text := in.Text
	switch {
	case len(text) > 0:
	case in.Address == "":
		return nil, cvd.Fieldf("/text", "give the list, or the address at which it stands")
	case w.fetch == nil:
		return nil, cvd.Fieldf("/address", "this program does not read lists on the web: send the list itself")
	default:
		var err error
		if text, err = w.fetch(ctx, in.Address); err != nil {
			return nil, cvd.Fieldf("/address", "the list could not be read: %v", err)
		}
	}
	i := slices.IndexFunc(w.listReaders, func(r ListReader) bool { return r.Name == in.Reader })
	entries, err := w.listReaders[i].Read(text)
	switch {
	case err != nil:
		return nil, cvd.Fieldf("/text", "%v", err)
	case len(entries) == 0:
		return nil, cvd.Fieldf("/text", "the list is empty")
	case len(entries) > mostListed:
		return nil, cvd.Fieldf("/text", "the list has %d entries, and %d are taken at once: send it in parts", len(entries), mostListed)
	}
	return entries, nil
}

func (w *Casework) importMembers(ctx context.Context, who cvd.Actor, p *project, in Listing, entries []cvd.Imported) (t Taking, records []store.Record, err error) {
	known, err := w.addressees(ctx, who.Project, in.Audience)
	if err != nil {
		return t, nil, err
	}
	seen := map[string]bool{}
	for _, e := range entries {
		c := ListChange{Line: e.Line, What: "invalid", Says: e.Wrong}
		if e.Member == nil {
			t.Changes = append(t.Changes, c)
			continue
		}
		m, i := in.member(*e.Member, known)
		if c.Name = trimmed(m.Name); c.Says == "" {
			m.Name = c.Name
			c.Says = says(fitsMember(&m))
		}
		key := strings.ToLower(cmp.Or(m.Mail(), m.Name))
		switch {
		case c.Says != "":
			t.weigh(m, false)
		case seen[key] || i >= 0 && seen[known[i].ID]:
			c.Says = "the list has it twice"
			t.weigh(m, false)
		case i < 0:
			x, err := w.newMember(m)
			if err != nil {
				return t, nil, err
			}
			enrol(&x.Addressee, w.Now(), p.Policy)
			t.weigh(m, x.Told())
			if c.What = "added"; m.Consent.How == "" {
				c.Says = "not written to before it is said how they agreed"
			}
			r, err := x.record(who.ID)
			if err != nil {
				return t, nil, err
			}
			records = append(records, r)
		default:
			x := known[i]
			seen[x.ID] = true
			if c.What, c.Says = "unchanged", x.take(m, w.Now(), p.Policy); c.Says != "" {
				c.What = "changed"
				r, err := x.record(who.ID)
				if err != nil {
					return t, nil, err
				}
				records = append(records, r)
			}
			t.weigh(m, x.Told())
		}
		seen[key] = true
		t.Changes = append(t.Changes, c)
	}
	all, err := w.wholeOf(ctx, who, in, t)
	return t, append(records, all...), err
}

// member is an entry as it would come into the register, and where it stands among those known; -1 if it is new.
func (in Listing) member(m cvd.Addressee, known []addressee) (cvd.Addressee, int) {
	m.Audience, m.Source, m.Consent.How = in.Audience, in.Reader, trimmed(in.Consent)
	i := slices.IndexFunc(known, func(k addressee) bool { return sameMember(k.Addressee, m) })
	if len(m.Handles) == 0 && i >= 0 { // the list knows nobody's address
		m.Handles = known[i].Handles
	}
	return m, i
}

// take puts an entry of a list over a member, and says what changed; empty if nothing did.
func (m *addressee) take(in cvd.Addressee, now time.Time, version int64) string {
	says := memberDiffers(m.Addressee, in)
	if says != "" {
		in.Handles = append(in.Handles, others(m.Handles, in.Handles)...) // what the list does not know stays
		keepUnsaid(&in, m.Addressee)
		merge(&m.Addressee, in, now, version)
	}
	return says
}

// says is the sentence of an error, empty for none.
func says(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// sameMember says whether an entry of a list is somebody who is there: by the id, the address, or, where the list has no address, the name.
func sameMember(known, m cvd.Addressee) bool {
	switch {
	case m.ID != "":
		return known.ID == m.ID
	case sameMail(known, m):
		return true
	}
	return strings.EqualFold(known.Name, m.Name) && known.Kind == m.Kind
}

// sameMail says whether the letters of two go to one address.
func sameMail(a, b cvd.Addressee) bool {
	return a.Mail() != "" && strings.EqualFold(a.Mail(), b.Mail())
}

// others are the handles of a that are not in b, but for mail: an address that the list replaces is dead.
func others(a, b []cvd.Handle) []cvd.Handle {
	return slices.DeleteFunc(slices.Clone(a), func(h cvd.Handle) bool {
		return h.Service == "mail" || slices.ContainsFunc(b, func(x cvd.Handle) bool { return x.Service == h.Service && x.Is == h.Is })
	})
}

// keepUnsaid keeps what a list does not speak of.
func keepUnsaid(m *cvd.Addressee, was cvd.Addressee) {
	for _, x := range []struct{ to, is *string }{{&m.Zone, &was.Zone}, {&m.TLP, &was.TLP}, {&m.Key, &was.Key}, {&m.Fingerprint, &was.Fingerprint}} {
		if *x.to == "" {
			*x.to = *x.is
		}
	}
	if m.Tier == 0 {
		m.Tier = was.Tier
	}
	if m.Weights == nil {
		m.Weights = was.Weights
	}
}

// memberDiffers says what an entry of a list changes; empty if nothing.
func memberDiffers(was, m cvd.Addressee) string {
	var out []string
	add := func(what, before, now string) {
		if now != "" && before != now {
			out = append(out, fmt.Sprintf("%s: %s → %s", what, before, now))
		}
	}
	add("name", was.Name, m.Name)
	for _, h := range m.Handles {
		if !slices.ContainsFunc(was.Handles, func(x cvd.Handle) bool { return x.Service == h.Service && strings.EqualFold(x.Is, h.Is) }) {
			out = append(out, h.Service+": "+h.Is)
		}
	}
	add("zone", was.Zone, m.Zone)
	add("TLP", was.TLP, m.TLP)
	for _, name := range slices.Sorted(maps.Keys(m.Weights)) {
		add(name, fmt.Sprint(was.Weights[name]), fmt.Sprint(m.Weights[name]))
	}
	if m.Consent.How != "" && was.Consent.How == "" {
		out = append(out, "agreed: "+m.Consent.How)
	}
	return strings.Join(out, "; ")
}

func (w *Casework) importDownstreams(ctx context.Context, who cvd.Actor, p *project, in Listing, entries []cvd.Imported) (changes []ListChange, records []store.Record, err error) {
	known, err := w.dependents(ctx, who.Project)
	if err != nil {
		return nil, nil, err
	}
	seen := map[string]bool{}
	for _, e := range entries {
		c := ListChange{Line: e.Line, What: "invalid", Says: e.Wrong}
		if e.Other == nil {
			changes = append(changes, c)
			continue
		}
		x := *e.Other
		x.Product = cmp.Or(x.Product, in.Product)
		if x.Route.CheckedAt.IsZero() && x.Route.Is != "" {
			x.Route.CheckedAt = w.Now()
		}
		if c.Name = trimmed(x.Name); c.Says == "" {
			c.Says = says(fitsDownstream(p.inForce(), &x))
		}
		i := slices.IndexFunc(known, func(k dependent) bool { return strings.EqualFold(k.Name, x.Name) })
		d := dependent{Dependent: x}
		switch {
		case c.Says != "":
		case seen[strings.ToLower(x.Name)]:
			c.Says = "the list has it twice"
		case i < 0:
			id, err := cvd.NewEventID(w.rand)
			if err != nil {
				return nil, nil, err
			}
			d.ID, c.What = string(id), "added"
		default:
			d = known[i].over(completed(x, known[i].Dependent))
			if c.What, c.Says = "unchanged", downstreamDiffers(known[i].Dependent, d.Dependent); c.Says != "" {
				c.What = "changed"
			}
		}
		if c.What == "added" || c.What == "changed" {
			r, err := d.record(who.ID)
			if err != nil {
				return nil, nil, err
			}
			records = append(records, r)
		}
		seen[strings.ToLower(x.Name)] = true
		changes = append(changes, c)
	}
	return changes, records, nil
}

// completed is an entry of a list with what it does not speak of, as it is kept.
func completed(in, was cvd.Dependent) cvd.Dependent {
	for _, x := range []struct{ to, is *string }{{&in.Repository, &was.Repository}, {&in.Website, &was.Website}, {&in.Version, &was.Version}, {&in.Notes, &was.Notes}} {
		if *x.to == "" {
			*x.to = *x.is
		}
	}
	if in.Weights == nil {
		in.Weights = was.Weights
	}
	if in.Route.Is == "" {
		in.Route = was.Route
	}
	in.Contacts = append(in.Contacts, others(was.Contacts, in.Contacts)...)
	return in
}

func downstreamDiffers(was, d cvd.Dependent) string {
	var out []string
	for _, x := range []struct{ what, was, is string }{{"repository", was.Repository, d.Repository}, {"website", was.Website, d.Website}, {"product", was.Product, d.Product},
		{"version", was.Version, d.Version}, {"route", was.Route.Is, d.Route.Is}, {"notes", was.Notes, d.Notes}} {
		if x.was != x.is {
			out = append(out, fmt.Sprintf("%s: %s → %s", x.what, x.was, x.is))
		}
	}
	if !maps.Equal(was.Weights, d.Weights) {
		out = append(out, "weight")
	}
	return strings.Join(out, "; ")
}

// Products are the names of the products of the policy in force.
func (w *Casework) Products(project cvd.ProjectID) ([]policy.Product, error) {
	p, err := w.project(project)
	if err != nil {
		return nil, err
	}
	return p.inForce().Document.Products, nil
}
