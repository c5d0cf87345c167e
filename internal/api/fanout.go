package api

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

// FanOuts are the notices of a case with whom each reached, the newest first.
type FanOuts struct {
	Notices []FanOut `json:"notices"`
}

// FanOut is one notice with its letters.
type FanOut struct {
	Notice   string      `json:"notice"`
	Event    cvd.EventID `json:"event" doc:"The event that ordered it."`
	At       time.Time   `json:"at"`
	Corrects string      `json:"corrects,omitempty" doc:"The notice that it corrects."`
	Reached  int         `json:"reached"`
	Of       int         `json:"of" doc:"Letters that may go: not those whose member has not accepted the embargo."`
	Letters  []LetterOut `json:"letters"`
}

// LetterOut is one letter of a notice.
type LetterOut struct {
	Letter   string            `json:"letter" doc:"Its name, the same for each try: the identifier of a mail and of a webhook is made from it."`
	Member   string            `json:"member,omitempty" doc:"Whose copy it is; absent: it went to the address of the channel."`
	Name     string            `json:"name,omitempty"`
	Weight   int64             `json:"weight,omitempty"`
	Channel  string            `json:"channel"`
	State    cvd.DeliveryState `json:"state"`
	Since    time.Time         `json:"since"`
	Tries    int               `json:"tries,omitempty"`
	Repeated bool              `json:"may_have_come_twice,omitempty"`
}

// FanOut reads whom each notice of a case reached.
func (c *Client) FanOut(ctx context.Context, project cvd.ProjectID, id cvd.CaseID) (FanOuts, error) {
	var out FanOuts
	return out, c.do(ctx, call{method: http.MethodGet, path: casePathOf(project, id) + "/fanout"}, &out)
}

func (s *server) fanOut(a *asked, _ nothing) (FanOuts, error) {
	out := FanOuts{Notices: []FanOut{}}
	id, err := a.caseID()
	if err != nil {
		return out, err
	}
	all, err := s.Casework.FanOuts(a.Context(), a.who, id)
	for _, x := range all {
		n := FanOut{Notice: x.Notice.Name, Event: x.Notice.Event, At: x.Notice.At, Reached: x.Reached, Of: x.Of, Letters: []LetterOut{}}
		if x.Notice.Corrects != "" {
			n.Corrects, _, _ = cvd.Corrects(x.Notice.Name)
		}
		for _, l := range x.Letters {
			n.Letters = append(n.Letters, LetterOut{Letter: l.Job, Member: l.Member, Name: l.Name, Weight: l.Weight, Channel: l.Channel,
				State: l.State, Since: l.At, Tries: l.Tries, Repeated: l.Repeated})
		}
		out.Notices = append(out.Notices, n)
	}
	return out, err
}

// Leaked is a text that somebody found where it should not be.
type Leaked struct {
	Text string `json:"text" doc:"As it was found. Nothing is kept of it."`
}

// Traced is what the mark of a text says.
type Traced struct {
	Marks  []string    `json:"marks" doc:"Codes that stand in the text. None: the mark was removed, or there never was one."`
	Member string      `json:"member,omitempty" doc:"Whose copy it is; absent: no copy of this case bears such a code."`
	Name   string      `json:"name,omitempty"`
	Notice string      `json:"notice,omitempty"`
	Event  cvd.EventID `json:"event,omitempty" doc:"The event that ordered the notice."`
	At     time.Time   `json:"at,omitzero" doc:"When the copy went out."`
}

// Trace asks whose copy of a notice a text is.
func (c *Client) Trace(ctx context.Context, project cvd.ProjectID, id cvd.CaseID, text string) (Traced, error) {
	var out Traced
	return out, c.do(ctx, call{method: http.MethodPost, path: casePathOf(project, id) + "/trace", in: Leaked{text}}, &out)
}

func (s *server) trace(a *asked, in Leaked) (Traced, error) {
	id, err := a.caseID()
	if err != nil {
		return Traced{}, err
	}
	if strings.TrimSpace(in.Text) == "" {
		return Traced{}, cvd.Fieldf("/text", "give the text as it was found")
	}
	got, err := s.Casework.Trace(a.Context(), a.who, id, in.Text)
	return Traced{Marks: append([]string{}, got.Marks...), Member: got.Member, Name: got.Name, Notice: got.Notice, Event: got.Event, At: got.At}, err
}
