package api

import (
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/casework"
)

func TestEveryStepHasItsRoute(t *testing.T) {
	for _, s := range casework.Steps {
		want := casePath + "/" + s.Name
		if !slices.ContainsFunc(operations, func(op operation) bool { return op.method == http.MethodPost && op.path == want }) {
			t.Errorf("the step %s has no route POST %s", s.Name, want)
		}
	}
}

// TestWhoMayCome is the access review as it was decided: a new operation must be added here by somebody who thought about it.
func TestWhoMayCome(t *testing.T) {
	open := []string{"key", "case", "cases", "issue", "policy", "project", "projects", "report", "sign-in"}
	roster := []string{"alike", "metrics", "deviations", "policy-document", "search", "policy-versions", "policy-diff", "policy-proposals", "policy-proposal", "propose-policy",
		"export", "hand-over", "take-over", "judge-policy", "renew-policy", "withdraw-policy", "adoptions", "members", "members-csv", "add-member", "member", "put-member", "decide-member", "choose-member", "remove-member", "import-list", "downstream", "add-downstream",
		"put-downstream", "check-downstream", "remove-downstream", "exposure", "outlook", "emergency", "reviews", "process-review", "decide",
		"train", "post", "release-notes", "import-parties", "fanout", "trace"}
	admin := []string{"new-token", "people", "put-person", "accept-policy", "reject-policy", "preview-adoption", "adopt-all", "adopt", "close-review"}
	invited := []string{"attach-patch", "fetch-patch", "wording", "compare", "invite"}
	for _, op := range operations {
		want := reporters
		switch {
		case slices.Contains(open, op.id):
			want = strangers
		case slices.Contains(roster, op.id):
			want = members
		case slices.Contains(admin, op.id):
			want = administrators
		case slices.Contains(invited, op.id):
			want = guests
		}
		if op.who != want {
			t.Errorf("%s %s is for %ss, want %ss", op.method, op.path, op.who, want)
		}
	}
}

func TestTheDoorsOpenForWhomTheyAreMeant(t *testing.T) {
	actors := []cvd.Actor{{}, {Standing: cvd.Finder}, {Standing: cvd.Guest}, {Standing: cvd.Member},
		{Standing: cvd.Member, Can: []cvd.Capability{cvd.Administer}}}
	for d, want := range map[door]string{
		strangers:      "in in in in in",
		reporters:      "401 in in in in",
		guests:         "401 403 in in in",
		members:        "401 403 403 in in",
		administrators: "401 403 403 403 in",
	} {
		var got []string
		for _, who := range actors {
			switch err := d.admit(who); cvd.KindOf(err) {
			case cvd.Anonymous:
				got = append(got, "401")
			case cvd.Refused:
				got = append(got, "403")
			default:
				got = append(got, "in")
			}
		}
		if strings.Join(got, " ") != want {
			t.Errorf("the door for %ss: got %s, want %s", d, got, want)
		}
	}
}

// openAPI is what the tests read of the description.
type openAPI struct {
	Paths map[string]map[string]struct {
		OperationID string `json:"operationId"`
		Parameters  []struct{ Name, In string }
		RequestBody struct {
			Content map[string]struct {
				Schema struct {
					Ref string `json:"$ref"`
				}
			}
		} `json:"requestBody"`
	}
	Components struct {
		Schemas map[string]struct {
			Properties map[string]struct {
				ReadOnly bool `json:"readOnly"`
			}
			Required             []string
			AdditionalProperties any `json:"additionalProperties"`
		}
	}
}

func described(t *testing.T) openAPI {
	t.Helper()
	b, err := json.Marshal(describe("https://security.example.org", "1.2.3"))
	if err != nil {
		t.Fatal(err)
	}
	var doc openAPI
	if err := json.Unmarshal(b, &doc); err != nil {
		t.Fatal(err)
	}
	return doc
}

func TestTheDescriptionHoldsExactlyTheRoutes(t *testing.T) {
	var got, want []string
	for path, methods := range described(t).Paths {
		for method, op := range methods {
			got = append(got, strings.ToUpper(method)+" "+path+" "+op.OperationID)
			for _, p := range op.Parameters {
				if p.In == "path" && !strings.Contains(path, "{"+p.Name+"}") {
					t.Errorf("%s has no place for the parameter %s", path, p.Name)
				}
			}
		}
	}
	for _, op := range operations {
		want = append(want, op.method+" "+op.path+" "+op.id)
	}
	slices.Sort(got)
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the description (-routes +described):\n%s", diff)
	}
}

// TestTheDescriptionIsWhatIsRead: of every body, exactly the properties that are described and not read-only are taken.
func TestTheDescriptionIsWhatIsRead(t *testing.T) {
	doc := described(t)
	for _, op := range operations {
		if op.method == http.MethodGet {
			continue
		}
		ref := doc.Paths[op.path][strings.ToLower(op.method)].RequestBody.Content["application/json"].Schema.Ref
		schema := doc.Components.Schemas[strings.TrimPrefix(ref, "#/components/schemas/")]
		if schema.AdditionalProperties != false {
			t.Errorf("%s: the description lets other properties pass", op.id)
		}
		var want []string
		for name, p := range schema.Properties {
			if !p.ReadOnly {
				want = append(want, name)
			} else if slices.Contains(schema.Required, name) {
				t.Errorf("%s: %s is read-only and asked of the sender", op.id, name)
			}
		}
		slices.Sort(want)
		got := slices.Sorted(maps.Keys(op.shape.fields))
		if !slices.Equal(got, want) {
			t.Errorf("%s takes %v, its description says %v", op.id, got, want)
		}
		for _, name := range append(got, "nobody_knows") {
			body := []byte(`{"` + name + `":null}`)
			wrong, _ := errors.AsType[faults](decode(body, op.shape, reflect.New(op.in).Elem()))
			unknown := slices.ContainsFunc(wrong, func(f Fault) bool { return strings.HasPrefix(f.Detail, "there is no field") })
			if unknown != (name == "nobody_knows") {
				t.Errorf("%s: decode(%s) = %v", op.id, body, wrong)
			}
		}
		for name, f := range op.shape.fields { // what must be written, the description asks for
			if f.said && !slices.Contains(schema.Required, name) {
				t.Errorf("%s: %s must be written, and its description leaves it out", op.id, name)
			}
		}
	}
}
