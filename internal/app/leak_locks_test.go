package app_test

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/casework"
)

// The second lock with the first one open: somebody whom no route stopped asks casework for everything, and is shown what is theirs. That
// the routes stop them though casework would answer is tested beside the routes.
func TestCaseworkCutsWhateverTheDoorsLetThrough(t *testing.T) {
	s := newScene(t)
	ctx := t.Context()
	for _, v := range s.visitors {
		who, ok := s.actor(t, v)
		if !ok {
			continue
		}
		read := func(what string, in any, err error) {
			t.Helper()
			b, broken := json.Marshal(in)
			if broken != nil {
				t.Fatal(broken)
			}
			for _, m := range planted.FindAllStringSubmatch(string(b)+" "+errText(err), -1) {
				if !v.may(m[1], m[2]) && !(m[1] == "open" && slices.Contains(strings.Fields(ofPublic), m[2])) {
					t.Errorf("%s reads %s by %s, with no door before it", v.name, m[0], what)
				}
			}
		}
		for _, o := range s.objects {
			theirs := v.sees(o.name) && o.project == who.Project || o.public && o.project == who.Project
			found := func(what string, in any, err error) {
				t.Helper()
				read(what, in, err)
				if kind := cvd.KindOf(err); !theirs && kind != cvd.NotFound {
					t.Errorf("%s of %s for %s: got %v, want that there is no such case", what, o.name, v.name, err)
				}
			}
			view, err := s.Casework.Case(ctx, who, o.id)
			found("Case", view, err)
			file, body, err := s.Casework.Attachment(ctx, who, o.id, o.file)
			found("Attachment", []any{file, string(body)}, err)
			preview, err := s.Casework.Preview(ctx, who, o.id, 0, nil)
			found("Preview", preview, err)
			alike, err := s.Casework.Alike(ctx, who, o.id, 5)
			found("Alike", alike, err)
			receipt, err := s.Casework.ReceiptOf(ctx, who, o.id)
			found("ReceiptOf", receipt, err)
			s.boards(ctx, who, o, found)
			for _, step := range casework.Steps {
				if !theirs {
					view, err := step.Run(ctx, s.Casework, who, casework.About{Case: o.id}, step.In)
					found(step.Name, view, err)
				}
			}
		}
		s.lists(ctx, who, read)
	}
}

// boards asks for all that is laid out of one case besides the case itself.
func (s *scene) boards(ctx context.Context, who cvd.Actor, o object, found func(string, any, error)) {
	lines, err := s.Casework.Lines(ctx, who, o.id)
	found("Lines", lines, err)
	train, err := s.Casework.Train(ctx, who, o.id)
	found("Train", train, err)
	board, err := s.Casework.Readiness(ctx, who, o.id)
	found("Readiness", board, err)
	exposure, err := s.Casework.Exposure(ctx, who, o.id)
	found("Exposure", exposure, err)
	letters, err := s.Casework.FanOuts(ctx, who, o.id)
	found("FanOuts", letters, err)
	traced, err := s.Casework.Trace(ctx, who, o.id, "It leaked.")
	found("Trace", traced, err)
	outlook, err := s.Casework.Outlook(ctx, who, o.id, casework.Emergency{Fact: "leaked"})
	found("Outlook", outlook, err)
	words, err := s.Casework.Wording(ctx, who, o.id, nil)
	found("Wording", words, err)
	patch, body, err := s.Casework.FetchPatch(ctx, who, o.id, o.patch)
	found("FetchPatch", []any{patch, string(body)}, err)
	whole, err := s.Casework.Export(ctx, who, o.id)
	found("Export", string(whole), err)
}

// lists asks for all that is about more than one case.
func (s *scene) lists(ctx context.Context, who cvd.Actor, read func(string, any, error)) {
	views, _, err := s.Casework.Cases(ctx, who, casework.Page{})
	read("Cases", views, err)
	inbox, err := s.Casework.Inbox(ctx, who, casework.Query{})
	read("Inbox", inbox, err)
	board, err := s.Casework.Board(ctx, who)
	read("Board", board, err)
	measures, err := s.Casework.Metrics(ctx, who, casework.Period{})
	read("Metrics", measures, err)
	for _, word := range []string{"zzqxsealedqtitleq", "zzqxhiddenqtitleq"} {
		found, err := s.Casework.Search(ctx, who, word, 5)
		if len(found) > 0 && !who.May(cvd.See) {
			s.t.Errorf("a search by %s finds %v", who.Name, found)
		}
		read("Search", found, err)
	}
	members, err := s.Casework.ListMembers(ctx, who, "", "")
	read("ListMembers", members, err)
	member, err := s.Casework.Member(ctx, who, s.register.applicant)
	read("Member", member, err)
	rows, err := s.Casework.ExportMembers(ctx, who, "")
	read("ExportMembers", rows, err)
	downstream, err := s.Casework.Downstreams(ctx, who)
	read("Downstreams", downstream, err)
	held, err := s.Casework.Held(ctx, who)
	read("Held", held, err)
}

// actor is who a visitor is once the door has let them in; false for who is nobody any more.
func (s *scene) actor(t *testing.T, v visitor) (cvd.Actor, bool) {
	t.Helper()
	switch {
	case v.out:
		return cvd.Actor{}, false
	case v.handle != "":
		return s.Actor(v.project, v.handle), true
	case v.code == "":
		return cvd.Nobody("juno"), true
	}
	who, err := s.Auth.Code(t.Context(), v.project, v.code)
	if err != nil {
		t.Fatalf("%s: %v", v.name, err)
	}
	return who, true
}

func errText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
