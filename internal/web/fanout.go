package web

import (
	"cmp"
	"encoding/csv"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/casework"
)

var fanOutPage = page("fanout.html")

// fanOutView is what fanout.html shows: who was reached by each notice of a case, and who was not.
type fanOutView struct {
	frame
	Path, Case string
	Notices    []fannedOut
	Text       string
	Traced     *tracedCopy
	Problems   *problems
}

type fannedOut struct {
	Title, Anchor string
	At            moment
	Note          string // of one that was ordered more than once, or that corrects
	Reached, Of   int
	Rows          []copied
}

// copied is one letter.
type copied struct {
	Whom, Channel, State, Note string
	At                         moment
	Tries                      int
	Late                       bool
}

// tracedCopy is what the mark of a text says.
type tracedCopy struct {
	Style, Says string
	Note        string // to be kept on the case, if somebody wants
}

// copyStates say what became of a letter.
var copyStates = map[cvd.DeliveryState]string{cvd.Waiting: "waits for its turn", cvd.Sending: "under way", cvd.Sent: "arrived", cvd.GaveUp: "did not arrive",
	cvd.Held: "held until a person lets it go", cvd.ByPerson: "to be posted by a person", cvd.Dropped: "never sent: somebody decided so",
	cvd.DroppedErased: "never sent: the case was erased", cvd.Unaccepted: "waits until its member accepts the embargo of the case"}

func (s *server) fanOutView(r *http.Request) (v fanOutView, err error) {
	who, id := actorOf(r), cvd.CaseID(r.PathValue("case"))
	all, err := s.Casework.FanOuts(r.Context(), who, id)
	if err != nil {
		return v, err
	}
	f, z, err := s.atDesk(r, "inbox", "Notices of "+string(id))
	if err != nil {
		return v, err
	}
	v = fanOutView{frame: f, Path: casePath(who.Project, id), Case: string(id)}
	var orders []cvd.Notice
	for _, x := range all {
		orders = append(orders, x.Notice)
	}
	for i, x := range all {
		n := fannedOut{Title: s.noticeTitle(who.Project, x.Notice), Anchor: "n-" + strconv.Itoa(i), At: z.at(x.Notice.At), Reached: x.Reached, Of: x.Of}
		if n.Note = reordered(x.Notice, orders, z); x.Notice.Because != "" {
			n.Note = "Because: " + x.Notice.Because
		}
		for _, l := range x.Letters {
			n.Rows = append(n.Rows, copiedRow(x, l, z))
		}
		v.Notices = append(v.Notices, n)
	}
	return v, nil
}

func copiedRow(x casework.FanOut, l casework.Copied, z zone) copied {
	row := copied{Whom: cmp.Or(l.Name, "the channel’s own address"), Channel: words(l.Channel), State: copyStates[l.State], At: z.at(l.At), Tries: l.Tries}
	if l.Member != "" && l.Name == "" {
		row.Whom = "somebody who is no longer on the list"
		if l.State == cvd.GaveUp {
			row.Note = "nothing of their address is kept"
		}
	}
	if at := x.Notice.Delivered[l.Channel]; l.State == cvd.ByPerson && !at.IsZero() {
		row.State, row.At = "posted by a person", z.at(at)
	}
	row.Late = l.State == cvd.GaveUp || l.State == cvd.Held
	if l.Repeated {
		row.Note = "may have arrived twice"
		if l.State == cvd.GaveUp {
			row.Note = "may have arrived all the same"
		}
	}
	return row
}

// fanOut shows who was reached.
func (s *server) fanOut(w http.ResponseWriter, r *http.Request) error {
	v, err := s.fanOutView(r)
	if err != nil {
		return err
	}
	s.show(w, http.StatusOK, fanOutPage, v)
	return nil
}

// fanOutCSV sends it as a file for a spreadsheet.
func (s *server) fanOutCSV(w http.ResponseWriter, r *http.Request) error {
	who, id := actorOf(r), cvd.CaseID(r.PathValue("case"))
	all, err := s.Casework.FanOuts(r.Context(), who, id)
	if err != nil {
		return err
	}
	lines := [][]string{{"notice", "ordered", "letter", "member", "name", "weight", "channel", "state", "since", "tries", "may_have_come_twice"}}
	for _, x := range all {
		for _, l := range x.Letters {
			lines = append(lines, []string{x.Notice.Name, cvd.Instant(x.Notice.At), l.Job, l.Member, plain(l.Name), strconv.FormatInt(l.Weight, 10), l.Channel,
				string(l.State), cvd.Instant(l.At), strconv.Itoa(l.Tries), strconv.FormatBool(l.Repeated)})
		}
	}
	var b strings.Builder
	if err := csv.NewWriter(&b).WriteAll(lines); err != nil {
		return err
	}
	save(w, "text/csv; charset=utf-8", string(id)+"-notices.csv", []byte(b.String()))
	return nil
}

// trace says whose copy a leaked text is. It changes nothing: what follows from it is for people.
func (s *server) trace(w http.ResponseWriter, r *http.Request) error {
	in, err := read(r)
	if err != nil {
		return err
	}
	v, err := s.fanOutView(r)
	if err != nil {
		return err
	}
	v.Text = in.values.Get("text")
	if strings.TrimSpace(v.Text) == "" {
		v.Problems = &problems{Heading: "There is nothing to trace yet", Lines: []problem{{Field: "text", Says: "Paste the text as it was found."}}}
		s.show(w, statuses[cvd.Invalid].code, fanOutPage, v)
		return nil
	}
	got, err := s.Casework.Trace(r.Context(), actorOf(r), cvd.CaseID(r.PathValue("case")), v.Text)
	if err != nil {
		return err
	}
	v.Traced = tracedOf(got)
	s.show(w, http.StatusOK, fanOutPage, v)
	return nil
}

func tracedOf(got casework.Traced) *tracedCopy {
	switch {
	case got.Member != "":
		whose := cmp.Or(got.Name, "somebody who is no longer on the list")
		says := fmt.Sprintf("This is the copy of “%s” that was made for %s.", cmp.Or(got.Notice, "a notice"), whose)
		return &tracedCopy{Style: "done", Says: says + " Whoever has read that copy may have passed it on; the mark does not say who.",
			Note: says + " A leaked text bore its mark. Copy " + got.Marks[0] + ", letter " + string(got.Event) + ".member." + got.Member}
	case len(got.Marks) > 0:
		return &tracedCopy{Style: "problems", Says: "It bears a code, and none of this case’s copies has it: the mark was changed, or the text is of another case."}
	}
	return &tracedCopy{Style: "problems", Says: "It bears no code: the mark was removed, or the text never had one."}
}
