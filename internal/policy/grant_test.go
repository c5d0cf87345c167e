package policy

import (
	"slices"
	"strings"
	"testing"

	"github.com/tipstaff/tipstaff/cvd"
)

func TestAllIsEveryStepAndNeitherAdministerNorExpert(t *testing.T) {
	p := sample(t)
	can := p.Can([]string{"keeper"})
	for _, step := range Steps() {
		if !slices.Contains(can, cvd.Capability(step)) {
			t.Errorf("all does not hold the step %s", step)
		}
	}
	for capability, want := range map[cvd.Capability]bool{cvd.See: true, cvd.SeeExploit: true, cvd.Waive: true, cvd.Expert: false, cvd.Administer: false} {
		if got := slices.Contains(can, capability); got != want {
			t.Errorf("all holds %s: %v, want %v", capability, got, want)
		}
	}
	if got := p.Can([]string{"owner", "mate", "mate", "nobody"}); !slices.Equal(got, []cvd.Capability{"administer", "expert", "note", "review", "see"}) {
		t.Errorf("two roles can %v", got)
	}
	if got := p.Can(nil); len(got) > 0 {
		t.Errorf("no role can %v", got)
	}
}

func TestWhoMayTakeAStep(t *testing.T) {
	p, s := sample(t), told(t)
	guest := cvd.Actor{Project: "harbour", ID: "guest:1", Standing: cvd.Guest, Case: "HRB-1", Roles: []string{"mate"}, Can: p.Can([]string{"mate"})}
	s.c.Parties = []cvd.Party{{ID: "guest:1", Name: "Gil", Roles: []string{"mate"}, InvitedAt: on("2026-03-02 09:30")}}
	elsewhere, plain := guest, guest
	elsewhere.Case, plain.Roles = "HRB-2", []string{"guest"}
	reporter := cvd.Actor{Project: "harbour", ID: "reporter:1", Standing: cvd.Finder, Case: "HRB-1", Report: 1}
	otherProject := keeper("ann")
	otherProject.Project = "bay"
	for _, row := range []struct {
		name string
		who  cvd.Actor
		step string
		may  bool
	}{
		{"a member with the capability", keeper("ann"), "release", true},
		{"a member without it", keeper("ann"), "date", false},
		{"a member of another project", otherProject, "release", false},
		{"a guest in a role that the step invites", guest, "review", true},
		{"a guest with a capability that the step invites nobody for", guest, "note", false},
		{"a guest of another case", elsewhere, "review", false},
		{"a guest in another role", plain, "review", false},
		{"a reporter who writes to the team", reporter, "message", true},
		{"a reporter who validates their own report", reporter, "validate", false},
		{"a stranger with an existing case", cvd.Nobody("harbour"), "receive", false},
		{"the program itself", cvd.Tipstaff("harbour"), "disclose", true},
	} {
		refused := slices.ContainsFunc(p.Weigh(Ask{Case: s.c, Who: row.who, Step: row.step, Now: on("2026-03-02 10:00")}),
			func(o cvd.Objection) bool { return o.Clause == "roles" })
		if refused == row.may {
			t.Errorf("%s: %s is refused %v", row.name, row.step, refused)
		}
	}
	if got := p.Weigh(Ask{Who: cvd.Nobody("harbour"), Step: "receive", Now: on("2026-03-02 09:00")}); len(got) > 0 {
		t.Errorf("anybody may report, got %v", got)
	}
}

// A role that is the team's gives a guest nothing; those that the policy wrote for guests do, each in its own way.
func TestRolesForGuests(t *testing.T) {
	p := sample(t)
	p.Document.Roles = append(p.Document.Roles, Role{Name: "pilot", Title: "Pilot", Can: []string{"see"}, Until: "released"},
		Role{Name: "diver", Title: "Diver", Can: []string{"see_exploit"}})
	if got := p.GuestRoles(); !slices.Equal(got, []string{"mate", "pilot", "diver"}) {
		t.Errorf("guests may have the roles %v; want the one that a step names, the one with an end, and the one that reads the exploit", got)
	}
}

// Whoever is refused for their roles reads whose step it is: roles of the policy, never people.
func TestARefusalForRolesSaysWhoseStepItIs(t *testing.T) {
	s := told(t)
	nobody := cvd.Actor{Project: s.c.Project, Standing: cvd.Member, ID: "nan"}
	found := s.p.Weigh(Ask{Case: s.c, Who: nobody, Step: "triage", Now: s.c.ChangedAt})
	if len(found) != 1 || found[0].Clause != "roles" {
		t.Fatalf("got %+v", found)
	}
	for _, r := range s.p.Document.Roles {
		may := slices.Contains(s.p.Can([]string{r.Name}), "triage")
		if strings.Contains(found[0].Says, r.Title) != may {
			t.Errorf("%q names the role %s: %t, want %t", found[0].Says, r.Title, !may, may)
		}
	}
}
