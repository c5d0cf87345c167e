package advisory_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tipstaff/tipstaff/internal/advisory"
	"github.com/tipstaff/tipstaff/internal/apptest"
)

// judge is the address of the validator library as a service. It takes seconds to start, so all tests share it.
func judge(t testing.TB) string {
	t.Helper()
	lib := apptest.Need(t, "@secvisogram/csaf-validator-lib")
	node := apptest.Need(t, "node")
	court.once.Do(func() { court.address, court.err = convene(node, lib) })
	if court.err != nil {
		t.Fatalf("start the validator: %v", court.err)
	}
	return court.address
}

var court struct {
	once    sync.Once
	address string
	err     error
	input   io.WriteCloser // held open: the service ends when it closes, with this process at the latest
}

func convene(node, lib string) (address string, err error) {
	command := exec.Command(node, "testdata/judge.mjs", lib)
	command.Stderr = os.Stderr
	if court.input, err = command.StdinPipe(); err != nil {
		return "", err
	}
	out, err := command.StdoutPipe()
	if err != nil {
		return "", err
	}
	if err := command.Start(); err != nil {
		return "", err
	}
	address, err = bufio.NewReader(out).ReadString('\n')
	return strings.TrimSpace(address), err
}

// findings asks the judge: what it finds, as "test path: message", errors and warnings alike.
func findings(t testing.TB, address, document string, presets ...string) (valid bool, all []string) {
	t.Helper()
	type preset struct {
		Type string `json:"type"`
		Name string `json:"name"`
	}
	question := struct {
		Tests    []preset        `json:"tests"`
		Document json.RawMessage `json:"document"`
	}{Document: json.RawMessage(document)}
	for _, p := range presets {
		question.Tests = append(question.Tests, preset{"preset", p})
	}
	body, err := json.Marshal(question)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.Post(address+"/api/v1/validate", "application/json", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	type finding struct{ InstancePath, Message string }
	var verdict struct {
		IsValid bool
		Tests   []struct {
			Name                    string
			Errors, Warnings, Infos []finding
		}
	}
	if err := json.Unmarshal(answer, &verdict); err != nil {
		t.Fatalf("the validator says %s", answer)
	}
	for _, test := range verdict.Tests {
		for _, f := range slices.Concat(test.Errors, test.Warnings, test.Infos) {
			all = append(all, test.Name+" "+f.InstancePath+": "+f.Message)
		}
	}
	return verdict.IsValid, all
}

// The strict schema, the 43 mandatory tests and the 20 optional ones of CSAF 2.0, by a program of others.
func TestCSAFPassesTheTestsOfTheStandard(t *testing.T) {
	address := judge(t)
	// What CSAF 2.0 has no words for: a score of CVSS 4.0 or a class without a score (6.2.3), text that is no range (6.2.18).
	unavoidable := map[string][]string{
		"juno":    {"optionalTest_6_2_3"},
		"cvss4":   {"optionalTest_6_2_3"},
		"hostile": {"optionalTest_6_2_3", "optionalTest_6_2_18"},
	}
	for _, s := range stories(t) {
		t.Run(s.name, func(t *testing.T) {
			valid, all := findings(t, address, write(t, "csaf", s.record), "extended")
			if !valid {
				t.Error("the document is invalid")
			}
			for _, f := range all {
				if test, _, _ := strings.Cut(f, " "); !slices.Contains(unavoidable[s.name], test) {
					t.Error(f)
				}
			}
		})
	}
}

func TestTheJudgeRefusesWhatIsWrong(t *testing.T) {
	address := judge(t)
	good := write(t, "csaf", storyOf(t, "solo").record)
	for from, to := range map[string]string{
		`"baseScore": 7.5`:                  `"baseScore": 7.6`,
		`"Improper Certificate Validation"`: `"Improper certificate validation"`,
		`"label": "WHITE"`:                  `"label": "CLEAR"`,
		`"version": "2"`:                    `"version": "3"`,
	} {
		if !strings.Contains(good, from) {
			t.Fatalf("the document does not hold %s:\n%s", from, good)
		}
		if valid, _ := findings(t, address, strings.Replace(good, from, to, 1), "basic"); valid {
			t.Errorf("a document with %s passes", to)
		}
	}
}

func TestCSAFPassesTheValidatorOfTheReferenceTools(t *testing.T) {
	validator := apptest.Need(t, "csaf_validator")
	address := judge(t)
	for _, s := range stories(t) {
		t.Run(s.name, func(t *testing.T) {
			csaf, _ := advisory.Named("csaf")
			file := filepath.Join(t.TempDir(), filepath.Base(csaf.Path(s.record)))
			if err := os.WriteFile(file, []byte(write(t, "csaf", s.record)), 0o600); err != nil {
				t.Fatal(err)
			}
			out, err := exec.Command(validator, "--validator="+address, "--validator_preset=mandatory", "-o", "important", file).CombinedOutput()
			if err != nil {
				t.Errorf("csaf_validator refuses %s: %v\n%s", file, err, out)
			}
		})
	}
}

// status is what a CSAF document says of each version.
func status(t *testing.T, document string) map[string]string {
	t.Helper()
	type branch struct {
		Branches []branch
		Product  *struct {
			Name string
			ID   string `json:"product_id"`
		}
	}
	var d struct {
		Tree            branch `json:"product_tree"`
		Vulnerabilities []struct {
			Status map[string][]string `json:"product_status"`
		}
	}
	if err := json.Unmarshal([]byte(document), &d); err != nil {
		t.Fatal(err)
	}
	names := map[string]string{}
	var walk func(branch)
	walk = func(b branch) {
		if b.Product != nil {
			names[b.Product.ID] = b.Product.Name
		}
		for _, child := range b.Branches {
			walk(child)
		}
	}
	walk(d.Tree)
	of := map[string]string{}
	for status, ids := range d.Vulnerabilities[0].Status {
		for _, id := range ids {
			of[names[id]] = status
		}
	}
	return of
}

func TestCSAFSaysOfEachReleaseLineWhatTheCaseSays(t *testing.T) {
	want := map[string]string{
		"Broker client 3": "known_not_affected",
		"Broker server >= 3.0.0-rc.1, < 3.2.0 || >= 3.3.0, < 3.3.4": "known_affected",
		"Broker server 3.3.4":            "fixed",
		"Broker server 3.2 before 3.2.5": "known_affected",
		"Broker server 3.2.5":            "fixed",
		"Broker server 2.x":              "known_affected",
	}
	if diff := cmp.Diff(want, status(t, write(t, "csaf", storyOf(t, "cvss4").record))); diff != "" {
		t.Errorf("status (-want +got):\n%s", diff)
	}
}
