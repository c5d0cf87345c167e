package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/casework"
)

// Who takes part says from their own page that the matter is out, and reads what became of it; the others read nothing of it.
func TestWhoTakesPartSaysThatItIsOut(t *testing.T) {
	b, _, _ := manned(t)
	for _, name := range []string{"harbour", "rita"} {
		says := url.Values{"code": {b.Journey.Codes["manned/"+name]}, "fact": {"public"}, "evidence": {""}}
		if a := b.post("/p/juno/status/claim", says); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.words(t), "say where it can be seen") && !strings.Contains(a.words(t), "Say where it can be seen") {
			t.Errorf("%s, without evidence: got %d\n%s", name, a.status, a.words(t))
		}
		says.Set("evidence", "A post of "+name)
		b.post("/p/juno/status/claim", says).says(t, "The project was told", "A post of "+name, "waits for the project's answer")
	}
	if words := b.post("/p/juno/status", url.Values{"code": {b.Journey.Codes["manned/harbour"]}}).words(t); strings.Contains(words, "A post of rita") {
		t.Error("a party reads what the reporter claimed")
	}
}

// A patch stands on the page of the party that it names, which fetches it there; the reporter, whom it does not name, finds nothing.
func TestAPatchIsFetchedByThePartyThatItNames(t *testing.T) {
	b, _, _ := manned(t)
	body := "From 0 Mon Sep 17 00:00:00 2001\nSubject: [PATCH] Count\n\nCount.\n---\ndiff --git a/x b/x\n"
	v, err := b.Casework.AttachPatch(t.Context(), b.Actor("juno", "jake"), casework.About{Case: b.Journey.Cases["manned"]},
		casework.Patch{Product: "juno", Line: "28", Readers: []cvd.ActorID{"guest:1"}, File: casework.File{Name: "count.patch", Body: []byte(body)}})
	if err != nil {
		t.Fatal(err)
	}
	form := url.Values{"code": {b.Journey.Codes["manned/harbour"]}, "patch": {v.PatchFiles[0].ID}}
	b.post("/p/juno/status", form).says(t, "Patches for you", "Download count.patch, for juno 28")
	if a := b.post("/p/juno/status/patch", form); a.status != http.StatusOK || a.body != body {
		t.Errorf("the party: got %d %q", a.status, a.body)
	}
	form.Set("code", b.Journey.Codes["manned/rita"])
	if strings.Contains(b.post("/p/juno/status", form).words(t), "count.patch") {
		t.Error("the reporter sees the patch")
	}
	if a := b.post("/p/juno/status/patch", form); a.status != http.StatusNotFound {
		t.Errorf("the reporter: got %d", a.status)
	}
}
