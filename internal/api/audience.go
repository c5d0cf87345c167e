package api

import (
	"bytes"
	"context"
	"encoding/csv"
	"net/http"
	"net/url"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/casework"
)

// Member is somebody who is in an audience of the policy, or asks to be.
type Member struct {
	ID          string           `json:"id,omitempty" readOnly:"true"`
	Audience    string           `json:"audience"`
	Kind        string           `json:"kind,omitempty" enum:"person,organisation"`
	Name        string           `json:"name"`
	Handles     []cvd.Handle     `json:"handles" doc:"The preferred one first. Letters go to the first mail address."`
	Zone        string           `json:"zone,omitempty" doc:"Of the IANA database."`
	Key         string           `json:"key,omitempty" doc:"OpenPGP public key, armored."`
	Tier        int              `json:"tier,omitempty"`
	TLP         string           `json:"tlp,omitempty" enum:"red,amber,amber+strict,green,clear"`
	Weights     map[string]int64 `json:"weights,omitempty" doc:"By what is weighed: voting_power."`
	Consent     string           `json:"consent,omitempty" doc:"How they agreed to be written to, in words. Without it nobody writes to them."`
	Fingerprint string           `json:"fingerprint,omitempty" readOnly:"true"`
	State       cvd.Membership   `json:"state,omitempty" enum:"applied,vouched,active,lapsed,bounced,left,declined" readOnly:"true"`
	Told        bool             `json:"told,omitempty" readOnly:"true" doc:"Whether they are written to."`
	Since       time.Time        `json:"since,omitzero" readOnly:"true"`
	Renewed     time.Time        `json:"renewed,omitzero" readOnly:"true"`
	Source      string           `json:"source,omitempty" readOnly:"true"`
}

// Members are those of the audiences.
type Members struct {
	Members []Member         `json:"members"`
	Weights []AudienceWeight `json:"weights,omitempty" doc:"How much the audiences count, by what is weighed."`
}

// AudienceWeight is how much an audience counts by one weight: what a quorum is a part of.
type AudienceWeight struct {
	Audience string `json:"audience"`
	Weight   string `json:"weight"`
	Told     int64  `json:"told" doc:"Of the members that are written to."`
	Whole    int64  `json:"whole" doc:"What a quorum is a part of: those, or all that the last whole list names, whichever is more."`
}

func memberOf(m cvd.Addressee) Member {
	return Member{ID: m.ID, Audience: m.Audience, Kind: m.Kind, Name: m.Name, Handles: append([]cvd.Handle{}, m.Handles...), Zone: m.Zone, Key: m.Key, Tier: m.Tier, TLP: m.TLP, Weights: m.Weights,
		Consent: m.Consent.How, Fingerprint: m.Fingerprint, State: m.State, Told: m.Told(), Since: m.SinceAt, Renewed: m.RenewedAt, Source: m.Source}
}

func (m Member) addressee(id string) cvd.Addressee {
	return cvd.Addressee{ID: id, Audience: m.Audience, Kind: m.Kind, Name: m.Name, Handles: m.Handles, Zone: m.Zone, Key: m.Key, Tier: m.Tier, TLP: m.TLP, Weights: m.Weights,
		Consent: cvd.Consent{How: m.Consent}}
}

// WhichMembers filters the list of members.
type WhichMembers struct {
	Audience string `json:"audience,omitempty"`
	State    string `json:"state,omitempty"`
}

func membersPathOf(project cvd.ProjectID) string { return projectPathOf(project) + "/members" }

// Members reads the members of an audience, or of all, in one state or in all.
func (c *Client) Members(ctx context.Context, project cvd.ProjectID, which WhichMembers) (Members, error) {
	var out Members
	query := url.Values{}
	for name, value := range map[string]string{"audience": which.Audience, "state": which.State} {
		if value != "" {
			query.Set(name, value)
		}
	}
	return out, c.do(ctx, call{method: http.MethodGet, path: membersPathOf(project), query: query}, &out)
}

func (s *server) members(a *asked, in WhichMembers) (Members, error) {
	all, err := s.Casework.ListMembers(a.Context(), a.who, in.Audience, cvd.Membership(in.State))
	out := Members{Members: []Member{}}
	for _, m := range all {
		out.Members = append(out.Members, memberOf(m))
	}
	if err != nil {
		return out, err
	}
	weights, err := s.Casework.WeighedAudiences(a.Context(), a.who)
	for _, x := range weights {
		if in.Audience == "" || x.Audience == in.Audience {
			out.Weights = append(out.Weights, AudienceWeight{Audience: x.Audience, Weight: x.Weight, Told: x.Told, Whole: x.Whole()})
		}
	}
	return out, err
}

// MembersCSV reads the members as a table that can be taken in again.
func (c *Client) MembersCSV(ctx context.Context, project cvd.ProjectID) ([]byte, error) {
	var out []byte
	return out, c.do(ctx, call{method: http.MethodGet, path: membersPathOf(project) + ".csv"}, &out)
}

func (s *server) membersCSV(a *asked, _ nothing) (file, error) {
	rows, err := s.Casework.ExportMembers(a.Context(), a.who, "")
	if err != nil {
		return file{}, err
	}
	return table("members.csv", rows)
}

// table is a file for a spreadsheet.
func table(name string, rows [][]string) (file, error) {
	var b bytes.Buffer
	for _, row := range rows {
		for i := range row {
			row[i] = casework.Cell(row[i])
		}
	}
	err := csv.NewWriter(&b).WriteAll(rows)
	return file{Name: name, Type: "text/csv; charset=utf-8", Body: b.Bytes()}, err
}

// AddMember adds a member by hand.
func (c *Client) AddMember(ctx context.Context, project cvd.ProjectID, m Member) (Member, error) {
	var out Member
	return out, c.do(ctx, call{method: http.MethodPost, path: membersPathOf(project), in: m}, &out)
}

func (s *server) addMember(a *asked, in Member) (Member, error) {
	m, err := s.Casework.PutMember(a.Context(), a.who, in.addressee(""))
	return memberOf(m), err
}

func (s *server) member(a *asked, _ nothing) (Member, error) {
	m, err := s.Casework.Member(a.Context(), a.who, a.PathValue("member"))
	return memberOf(m), err
}

func (s *server) putMember(a *asked, in Member) (Member, error) {
	m, err := s.Casework.PutMember(a.Context(), a.who, in.addressee(a.PathValue("member")))
	return memberOf(m), err
}

// Judgement is what somebody decides about an application.
type Judgement struct {
	Accept  bool   `json:"accept"`
	Because string `json:"because" doc:"The applicant reads it if the answer is no."`
	Meets   []int  `json:"meets,omitempty" doc:"The criteria of the policy that are met, from 0."`
	Vouched string `json:"vouched,omitempty" doc:"Who gave their word, where the policy asks."`
}

// DecideMember accepts an application or turns it down.
func (c *Client) DecideMember(ctx context.Context, project cvd.ProjectID, id string, in Judgement) (Member, error) {
	var out Member
	return out, c.do(ctx, call{method: http.MethodPost, path: membersPathOf(project) + "/" + url.PathEscape(id) + "/decide", in: in}, &out)
}

func (s *server) decideMember(a *asked, in Judgement) (Member, error) {
	m, err := s.Casework.DecideMember(a.Context(), a.who, a.PathValue("member"), casework.Judgement(in))
	return memberOf(m), err
}

// Removal is how a membership ends.
type Removal struct {
	As string `json:"as" enum:"left,bounced,forgotten" doc:"Forgotten: all that was ever kept of them is destroyed."`
}

// RemoveMember ends a membership.
func (c *Client) RemoveMember(ctx context.Context, project cvd.ProjectID, id, as string) error {
	var out Done
	return c.do(ctx, call{method: http.MethodPost, path: membersPathOf(project) + "/" + url.PathEscape(id) + "/remove", in: Removal{as}}, &out)
}

// Done says that it was done.
type Done struct {
	Done bool `json:"done"`
}

func (s *server) removeMember(a *asked, in Removal) (Done, error) {
	err := s.Casework.RemoveMember(a.Context(), a.who, a.PathValue("member"), in.As)
	return Done{err == nil}, err
}

// MemberChoice is what a member said about being told of a case.
type MemberChoice struct {
	Case cvd.CaseID `json:"case"`
	Says string     `json:"says" enum:"yes,no"`
}

func (s *server) chooseMember(a *asked, in MemberChoice) (Done, error) {
	err := s.Casework.ChooseFor(a.Context(), a.who, a.PathValue("member"), in.Case, in.Says)
	return Done{err == nil}, err
}

// Listing is a list of others to take in.
type Listing struct {
	Reader   string `json:"reader" doc:"What the list looks like: members-csv, downstream-csv, validators, cometbft-validators, chain-registry, chain-registry-cosmwasm."`
	Text     string `json:"text,omitempty"`
	Address  string `json:"address,omitempty" doc:"Where the list stands, instead of its text."`
	Audience string `json:"audience,omitempty" doc:"Whose members it holds; without it, it holds projects downstream."`
	Consent  string `json:"consent,omitempty"`
	Product  string `json:"product,omitempty" doc:"Of the policy, that the projects downstream run where the list does not say. It is not needed where the policy has one only."`
	Preview  bool   `json:"preview,omitempty" doc:"Change nothing, and say what would."`
}

// ListChanges are what becomes of the entries of a list.
type ListChanges struct {
	Changes []ListChange `json:"changes"`
	Weights []ListWeight `json:"weights,omitempty" doc:"How much the entries of a list of members count, by what is weighed."`
}

// ListWeight is how much the entries of a list count, and how much of that is written to.
type ListWeight struct {
	Weight string `json:"weight"`
	Listed int64  `json:"listed" doc:"Of all entries, those that could not be taken in too."`
	Told   int64  `json:"told" doc:"Of those that are written to once the list is taken in."`
}

// ListChange is what becomes of one.
type ListChange struct {
	Line int    `json:"line"`
	Name string `json:"name,omitempty"`
	What string `json:"what" enum:"added,changed,unchanged,invalid"`
	Says string `json:"says,omitempty"`
}

// ImportList takes a list in, or says what would become of it.
func (c *Client) ImportList(ctx context.Context, project cvd.ProjectID, in Listing) (ListChanges, error) {
	var out ListChanges
	return out, c.do(ctx, call{method: http.MethodPost, path: projectPathOf(project) + "/register/lists", in: in}, &out)
}

func (s *server) importList(a *asked, in Listing) (ListChanges, error) {
	t, err := s.Casework.ImportList(a.Context(), a.who, casework.Listing{Reader: in.Reader, Text: []byte(in.Text), Address: in.Address, Audience: in.Audience, Consent: in.Consent, Product: in.Product}, in.Preview)
	out := ListChanges{Changes: []ListChange{}}
	for _, x := range t.Changes {
		out.Changes = append(out.Changes, ListChange(x))
	}
	for _, x := range t.Weighs {
		out.Weights = append(out.Weights, ListWeight{Weight: x.Weight, Listed: x.Listed, Told: x.Told})
	}
	return out, err
}
