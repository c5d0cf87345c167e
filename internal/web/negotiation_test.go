package web_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/casework"
)

// A party whose consent lapsed reads what changed, and comes back with one click; another's wish cuts nobody off.
func TestWhoAgreedToAnEarlierEndAgreesToTheNewOneWithOneClick(t *testing.T) {
	b := open(t)
	secret := b.report("juno", aReport())
	step(b, (*casework.Casework).Validate, "juno", "dimi", secret, cvd.Validated{Evidence: "a local chain"})
	until := b.Casework.Now().Add(20 * 24 * time.Hour)
	step(b, (*casework.Casework).Embargo, "juno", "dimi", secret, cvd.Embargoed{Until: until})
	_, invitation, err := b.Casework.Invite(context.Background(), b.Actor("juno", "dimi"), casework.About{Case: of(secret)}, cvd.Invitation{Name: "Osmosis", Kind: cvd.Vendor, Zone: "Asia/Tokyo"})
	if err != nil {
		t.Fatal(err)
	}
	form := code(invitation)
	form.Set("answer", "yes")
	form["terms"] = []string{"private", "time", "no_exploitation", "good_faith", "confidential"}
	form.Set("keep", "yes")
	form.Set("embargo", until.UTC().Format(time.RFC3339Nano))
	b.post("/p/juno/status/answer", form).says(t, "The case that you are invited to", "Panic in the query handler", "in Asia/Tokyo")

	wish := code(secret)
	wish.Set("until", until.Add(-5*24*time.Hour).UTC().Format("2006-01-02T15:04"))
	wish.Set("zone", "UTC")
	b.post("/p/juno/status/propose", wish).says(t, "Your proposal was sent.", "The project has not answered yet.")
	b.post("/p/juno/status", code(invitation)).says(t, "Panic in the query handler") // the reporter only asks

	step(b, (*casework.Casework).Accept, "juno", "dimi", secret, cvd.Accepting{})
	a := b.post("/p/juno/status", code(invitation))
	a.says(t, "Do you agree to the embargo?", "Agree to the new end", "before")
	if strings.Contains(a.body, "Panic in the query handler") {
		t.Error("who has not agreed to the new end reads the case")
	}
	again := code(invitation)
	again.Set("proposal", a.field(t, "proposal"))
	again.Set("answer", "accept")
	b.post("/p/juno/status/embargo", again).says(t, "Your answer was sent.", "Panic in the query handler", "You agreed to it.")
	again.Set("answer", "")
	if a := b.post("/p/juno/status/embargo", again); a.status != http.StatusUnprocessableEntity {
		t.Errorf("an answer that says nothing: got %d", a.status)
	}
}
