package api_test

import (
	"encoding/json"
	"testing"

	"github.com/tipstaff/tipstaff/internal/api"
	"github.com/tipstaff/tipstaff/internal/apptest"
)

// A program that heard no answer sends its step again under the same key, and it counts once; the key is good for nothing else
// and for nobody else.
func TestTheSameStepTwiceIsOneEvent(t *testing.T) {
	p := apptest.New(t, apptest.Options{Projects: []string{"juno"}})
	got, err := asJuno(t, p, "").Report(t.Context(), "juno", overflow, "")
	if err != nil {
		t.Fatal(err)
	}
	jake, rosa := "Bearer "+p.Token("juno", "jake"), "Bearer "+p.Token("juno", "rosa")
	url := p.URL + "/api/v1/projects/juno/cases/" + string(got.Case)
	send := func(want int, step, body, who string, headers ...string) api.Case {
		t.Helper()
		resp, text := ask(t, "POST", url+step, body, append(headers, "Authorization", who, "Idempotency-Key", "k1")...)
		if resp.StatusCode != want {
			t.Fatalf("%s %s: %s, want %d: %s", step, body, resp.Status, want, text)
		}
		var c api.Case
		if want == 200 {
			if err := json.Unmarshal([]byte(text), &c); err != nil {
				t.Fatal(err)
			}
		}
		return c
	}
	const note, if1 = `{"text":"Seen by two."}`, `"1"`
	for range 3 { // also when the revision that it was sent for is over
		if c := send(200, "/note", note, jake, "If-Match", if1); c.Rev != 2 || len(c.Messages) != 1 {
			t.Errorf("revision %d with %d notes, want the one note of revision 2", c.Rev, len(c.Messages))
		}
	}
	send(422, "/note", `{"text":"Another."}`, jake, "If-Match", if1)
	send(422, "/note", note, jake)
	send(422, "/acknowledge", note, jake, "If-Match", if1)
	send(422, "/note", note, rosa, "If-Match", if1)
	// The key of a step that was refused stays free.
	resp, text := ask(t, "POST", url+"/close", `{"outcome":"fixed"}`, "Authorization", jake, "Idempotency-Key", "k2")
	if resp.StatusCode != 403 {
		t.Fatalf("closing at once: %s %s", resp.Status, text)
	}
	resp, text = ask(t, "POST", url+"/acknowledge", `{}`, "Authorization", jake, "Idempotency-Key", "k2")
	if resp.StatusCode != 200 {
		t.Errorf("a key that was refused is not free: %s %s", resp.Status, text)
	}
}
