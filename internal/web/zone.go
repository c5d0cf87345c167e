package web

import (
	_ "embed"
	"net/http"
	"net/url"
	"strings"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/casework"
)

var zonePage = page("zone.html")

//go:embed zones.txt
var zonesText string

// zoneNames are the zones that are proposed to who types one: those of the IANA database that are some country's. Others are taken too.
var zoneNames = strings.Fields(zonesText)

// zoneCookie keeps the zone that somebody chose to see instants in. It goes to the pages that are for them alone, and to no public one.
const zoneCookie = "tipstaff-zone"

// A year at a desk. Where somebody reads with a code the browser forgets it when it is closed: it would tell that there is a report.
const (
	zoneAtDesk   = 365 * 24 * 60 * 60
	zoneWithCode = 0
)

// zoned is the line below a page that says in which zone it shows instants, with the way to choose another.
type zoned struct{ At, Code, Says string }

// zoneView is what zone.html shows.
type zoneView struct {
	frame
	At, Code, Then string
	Back           string // the page of who has a code
	Says           string
	Usual          string // what is shown to who chose nothing
	Ours           string // the party that may say in which zone it is
	Typed, Wrong   string
	Names          []string
	Problems       *problems
}

// says tells in which zones instants are shown.
func (z zone) says() string {
	if z.place == nil {
		return "UTC"
	}
	return "UTC and " + strings.ReplaceAll(z.name, "_", " ")
}

// chosen is the zone that a reader chose, else the usual one. What is no zone was not chosen here.
func chosen(r *http.Request, usual zone) zone {
	c, err := r.Cookie(zoneCookie)
	if err != nil || c.Value == "" {
		return usual
	}
	place, err := casework.Zone("", c.Value)
	switch {
	case err != nil:
		return usual
	case c.Value == "UTC":
		return zone{alone: true}
	}
	return zone{name: c.Value, place: place}
}

// keepZone keeps a choice in the browser, or forgets it, and lets the rest of this answer go by it already.
func (s *server) keepZone(w http.ResponseWriter, r *http.Request, path, name string, seconds int) {
	if name == "" {
		seconds = -1
	}
	c := &http.Cookie{Name: zoneCookie, Value: name, Path: path, MaxAge: seconds, HttpOnly: true,
		Secure: strings.HasPrefix(s.Base, "https://"), SameSite: http.SameSiteLaxMode}
	http.SetCookie(w, c)
	r.Header.Del("Cookie")
	r.AddCookie(c)
}

// usualZone is what who holds a code sees who chose nothing: a party its own zone, everybody else the project's.
func usualZone(v cvd.View, who cvd.ActorID, project zone) zone {
	if own := zoneOfParty(v, who); own.place != nil {
		return own
	}
	return project
}

// zoneWith is the zone for who holds a code, and puts the line about it below the page. The link of a letter opens one page only,
// whose browser keeps nothing.
func zoneWith(r *http.Request, h held, v cvd.View, f *frame, project zone) zone {
	usual := usualZone(v, h.who.ID, project)
	if h.code == "" {
		return usual
	}
	z := chosen(r, usual)
	f.Zoned = &zoned{At: f.Project.Root + "/status/zone", Code: h.code, Says: z.says()}
	return z
}

// ownZone is where a party is, for an instant that is shown in z already; none where that says it, or where UTC alone was asked for.
func ownZone(v cvd.View, who cvd.ActorID, z zone) zone {
	own := zoneOfParty(v, who)
	if z.alone || own.name == z.name {
		return utc
	}
	return own
}

// askZone shows who is signed in the zones to choose from.
func (s *server) askZone(w http.ResponseWriter, r *http.Request) error {
	v, err := s.deskZone(r, r.URL.Query().Get("then"))
	if err != nil {
		return err
	}
	s.show(w, http.StatusOK, zonePage, v)
	return nil
}

// takeZone keeps the choice of who is signed in and goes back to the page that they came from.
func (s *server) takeZone(w http.ResponseWriter, r *http.Request) error {
	in, err := read(r)
	if err != nil {
		return err
	}
	v, err := s.deskZone(r, in.values.Get("then"))
	if err != nil {
		return err
	}
	name, err := zoneTyped(in.values)
	if e := asError(err); e != nil {
		s.showWrongZone(w, v, in.values, e)
		return nil
	}
	s.keepZone(w, r, deskOf(projectOf(r)), name, zoneAtDesk)
	http.Redirect(w, r, v.Then, http.StatusSeeOther)
	return nil
}

func (s *server) deskZone(r *http.Request, then string) (zoneView, error) {
	f, z, err := s.atDesk(r, "zone", "Zone")
	if err != nil {
		return zoneView{}, err
	}
	_, project, err := s.within(projectOf(r), "", "")
	if err != nil {
		return zoneView{}, err
	}
	f.Zoned = &zoned{} // this is the page that it leads to
	return zoneView{frame: f, At: f.Desk.Root + "/zone", Then: backAsked(projectOf(r), then), Says: z.says(), Usual: project.says(), Typed: z.name, Names: zoneNames}, nil
}

// backAsked is backTo, with what the address asked for.
func backAsked(project cvd.ProjectID, then string) string {
	at, query, _ := strings.Cut(then, "?")
	asked, err := url.ParseQuery(query)
	if back := backTo(project, at); err != nil || back != at || len(asked) == 0 {
		return back
	}
	return at + "?" + asked.Encode()
}

// holderZone asks who holds a code for a zone, or takes it: for this browser, or as the zone of a party, which the team sees.
func (s *server) holderZone(w http.ResponseWriter, r *http.Request) error {
	return s.held(w, r, func(h held) error {
		in := h.sent.values
		name, err := zoneTyped(in)
		ours := in.Get("as") == "ours"
		if ours && err == nil {
			_, err = s.Casework.Standing(r.Context(), h.who, casework.About{Case: h.who.Case}, cvd.Stood{Zone: name})
			name = "" // theirs is shown to them wherever they read
		}
		if e := asError(err); e != nil || in.Get("as") == "" {
			return s.showHolderZone(w, r, h, e)
		}
		if err != nil {
			return err
		}
		s.keepZone(w, r, root(projectOf(r))+"/status", name, zoneWithCode)
		says := "Instants are shown as you chose, until this browser is closed."
		if ours {
			says = "The project sees in which zone you are."
		}
		return s.again(w, r, h, says)
	})
}

// showHolderZone shows the page to who holds a code, as it was typed if that was wrong.
func (s *server) showHolderZone(w http.ResponseWriter, r *http.Request, h held, wrong *cvd.Error) error {
	view, err := s.Casework.Case(r.Context(), h.who, h.who.Case)
	if err != nil {
		return err
	}
	f, project, err := s.within(view.Project, "status", "Zone")
	if err != nil {
		return err
	}
	z := zoneWith(r, h, view, &f, project)
	f.Zoned = &zoned{} // this is the page that it leads to
	v := zoneView{frame: f, At: f.Project.Root + "/status/zone", Code: h.code, Back: f.Project.Root + "/status", Says: z.says(),
		Usual: usualZone(view, h.who.ID, project).says(), Typed: z.name, Names: zoneNames}
	for _, p := range view.Parties {
		if p.ID == h.who.ID && h.who.May("standing") {
			v.Ours = p.Name
		}
	}
	if wrong != nil {
		s.showWrongZone(w, v, h.sent.values, wrong)
		return nil
	}
	s.show(w, http.StatusOK, zonePage, v)
	return nil
}

func (s *server) showWrongZone(w http.ResponseWriter, v zoneView, typed url.Values, e *cvd.Error) {
	v.Typed, v.Wrong = typed.Get("zone"), upperFirst(e.Says)
	v.Problems = &problems{Heading: "Nothing was chosen yet", Lines: []problem{{"zone", v.Wrong}}}
	s.show(w, statuses[e.Kind].code, zonePage, v)
}

// zoneTyped is the zone that a form chose: a name, UTC, or none for the usual one.
func zoneTyped(typed url.Values) (string, error) {
	switch typed.Get("as") {
	case "usual":
		return "", nil
	case "utc":
		return "UTC", nil
	}
	name := strings.TrimSpace(typed.Get("zone"))
	if name == "" {
		return "", cvd.Fieldf("/zone", "write the name of a zone, as Europe/Berlin")
	}
	if _, err := casework.Zone("/zone", name); err == nil {
		return name, nil
	}
	for _, known := range zoneNames {
		_, city, _ := strings.Cut(known, "/")
		if said := strings.ReplaceAll(name, " ", "_"); strings.EqualFold(said, known) || strings.EqualFold(said, city) {
			return "", cvd.Fieldf("/zone", "%q is no zone of the IANA database: it is written %s", name, known)
		}
	}
	_, err := casework.Zone("/zone", name)
	return "", err
}
