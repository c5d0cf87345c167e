package web

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/casework"
)

var takeoverPage = page("takeover.html")

// takeoverView is what takeover.html shows: the form for a sealed case, where it comes from, or the case that it became.
type takeoverView struct {
	frame
	Path      string
	Recipient string // the key that others seal to
	Questions []question
	Arrives   *arrival
	Bundle    string // the file that was looked at, if it is small enough to stand in the page
	SHA256    string // of the file; the one that is sent to confirm must be the same
	Key       string
	Taken     *takenView
	Problems  *problems
	z         zone
}

// arrival is where a sealed case comes from, ready for its template.
type arrival struct {
	Site, Project, Case, Title, Key string
	Known                           bool // whether that key is the one that was expected
	Sealed, Until                   moment
	Holds                           string
	Before                          *link // the case that it became, if it was taken over before
}

// takenView is a case that was taken over, with the return codes of its reports.
type takenView struct {
	Case   link
	Codes  []newCode
	Status string // where a code is typed
}

type newCode struct {
	Report int
	Code   string
}

// largestCarried is how large a file may be that a page carries along, so that it need not be chosen twice. The texts of a form may have
// 1 MiB together.
const largestCarried = 512 << 10

// askTakeover shows the form, to who may take cases over.
func (s *server) askTakeover(w http.ResponseWriter, r *http.Request) error {
	v, err := s.takeover(r, url.Values{})
	if err != nil {
		return err
	}
	s.show(w, http.StatusOK, takeoverPage, v)
	return nil
}

func (s *server) takeover(r *http.Request, typed url.Values) (takeoverView, error) {
	who := actorOf(r)
	if err := casework.MayTakeOver(who); err != nil {
		return takeoverView{}, err
	}
	f, z, err := s.atDesk(r, "inbox", "Take a case over")
	if err != nil {
		return takeoverView{}, err
	}
	v := takeoverView{frame: f, z: z, Path: deskOf(who.Project) + "/takeover", Recipient: s.Casework.Recipient(), Key: strings.TrimSpace(typed.Get("key"))}
	v.Questions = questionsOf(typed, input{Name: "key", Label: "The key of their log", Help: "As their project publishes it. Without it, the key in the file is taken at its word, and the page says so", pointer: "/key"})
	return v, nil
}

// takeTakeover shows where a sealed case comes from, or takes it over.
func (s *server) takeTakeover(w http.ResponseWriter, r *http.Request) error {
	in, err := readFiles(r, casework.LargestBundle)
	if err != nil {
		return err
	}
	v, err := s.takeover(r, in.values)
	if err != nil {
		return err
	}
	sealed, err := bundleIn(in)
	if err == nil && in.values.Get("do") == yes {
		err = sameFile(sealed, in.values.Get("sha256"))
		if err == nil {
			return s.takenOver(w, r, v, sealed)
		}
	}
	if err == nil {
		err = s.arrives(r, &v, sealed)
	}
	return s.orNotTaken(w, v, err)
}

// orNotTaken shows the page, with what is wrong if something is.
func (s *server) orNotTaken(w http.ResponseWriter, v takeoverView, err error) error {
	e := asError(err)
	if err != nil && e == nil {
		return err
	}
	status := http.StatusOK
	if e != nil {
		if e.Field == "/bundle" {
			e.Field = "/attachments"
		}
		v.Problems = mark(v.Questions, []*cvd.Error{e})
		v.Problems.Heading, v.Title, status = "Nothing was taken over yet", "Not done yet: "+v.Title, statuses[e.Kind].code
	}
	s.show(w, status, takeoverPage, v)
	return nil
}

// bundleIn is the sealed file of a form: the one that was chosen, or the one that the page carried along.
func bundleIn(in sent) ([]byte, error) {
	if err := in.problem(); err != nil {
		return nil, err
	}
	if len(in.files) > 0 {
		return in.files[0].Body, nil
	}
	sealed, err := base64.StdEncoding.DecodeString(strings.TrimSpace(in.values.Get("bundle")))
	if err != nil || len(sealed) == 0 {
		return nil, cvd.Fieldf("/bundle", "choose the sealed file")
	}
	return sealed, nil
}

// sameFile refuses to take over what was not looked at.
func sameFile(sealed []byte, want string) error {
	if sum := sha256.Sum256(sealed); hex.EncodeToString(sum[:]) != want {
		return cvd.Fieldf("/bundle", "this is another file than the one that you looked at: choose that one, or look at this one first")
	}
	return nil
}

// arrives looks into a sealed case.
func (s *server) arrives(r *http.Request, v *takeoverView, sealed []byte) error {
	who := actorOf(r)
	x, err := s.Casework.Inspect(r.Context(), who, sealed, v.Key)
	if err != nil {
		return err
	}
	m := x.Manifest
	a := &arrival{Site: m.Site, Project: string(m.Project), Case: string(m.Case), Title: x.Title, Key: m.Key, Known: x.Known, Sealed: v.z.at(m.At), Until: v.z.at(x.Until),
		Holds: counted(int(m.Rev), "event", "events") + ", " + counted(x.Reports, "report", "reports") + ", " + counted(x.Files, "file", "files")}
	if x.Before != "" {
		a.Before = &link{string(x.Before), casePath(who.Project, x.Before)}
	}
	sum := sha256.Sum256(sealed)
	v.Arrives, v.SHA256 = a, hex.EncodeToString(sum[:])
	if len(sealed) <= largestCarried {
		v.Bundle = base64.StdEncoding.EncodeToString(sealed)
	}
	return nil
}

// takenOver takes the case over, and shows its new codes once.
func (s *server) takenOver(w http.ResponseWriter, r *http.Request, v takeoverView, sealed []byte) error {
	who := actorOf(r)
	taken, err := s.Casework.TakeOver(r.Context(), who, sealed, v.Key)
	if err != nil {
		return s.orNotTaken(w, v, err)
	}
	v.Title = "Taken over"
	v.Taken = &takenView{Case: link{string(taken.Case), casePath(who.Project, taken.Case)}, Status: root(who.Project) + "/status"}
	for _, n := range slices.Sorted(maps.Keys(taken.Codes)) {
		v.Taken.Codes = append(v.Taken.Codes, newCode{n, taken.Codes[n]})
	}
	s.show(w, http.StatusOK, takeoverPage, v)
	return nil
}
