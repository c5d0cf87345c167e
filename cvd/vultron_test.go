package cvd

import (
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// rows reads a fixture: its lines without comments, each cut into fields. They are typed from the CERT/CC Vultron protocol by
// hand, and nothing here writes them.
func rows(t *testing.T, name string) [][]string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", "vultron", name))
	if err != nil {
		t.Fatal(err)
	}
	var all [][]string
	for line := range strings.Lines(string(b)) {
		if fields := strings.Fields(line); len(fields) > 0 && fields[0] != "#" {
			all = append(all, fields)
		}
	}
	return all
}

// same compares what a table of the code allows with a fixture, line by line.
func same(t *testing.T, got []string, name string, columns int) {
	t.Helper()
	var want []string
	for _, row := range rows(t, name) {
		want = append(want, strings.Join(row[:columns], " "))
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("%s\ngot  %s\nwant %s", name, strings.Join(got, "\n     "), strings.Join(want, "\n     "))
	}
}

var (
	allRM      = []RM{Start, Arrived, NotValid, Valid, Accepted, Deferred, Closed}
	allEM      = []EM{NoEmbargo, Proposed, Active, Revise, Exited}
	allPEC     = []PEC{NoConsentAsked, Invited, Signatory, Lapsed, Declined}
	allVFD     = []VFD{VendorUnaware, VendorAware, VendorReady, VendorDeployed, DeployerWaits, DeployerDone, NoFixPath}
	allLetters = []byte("VFDPXA")
)

func TestEachMachineHasTheMovesOfItsTableAndNoOther(t *testing.T) {
	var rm, em, pec, vfd []string
	for _, from := range allRM {
		for _, trigger := range []string{"receive", "validate", "invalidate", "accept", "defer", "close", "reopen", ""} {
			if to, ok := from.Move(trigger); ok {
				rm = append(rm, fmt.Sprint(from, " ", trigger, " ", to))
			} else if to != "" {
				t.Errorf("%s %s is no move and leads to %s", from, trigger, to)
			}
		}
	}
	for _, from := range allEM {
		for _, trigger := range []string{"propose", "accept", "reject", "terminate", "receive", ""} {
			if to, ok := from.Move(trigger); ok {
				em = append(em, fmt.Sprint(from, " ", trigger, " ", to))
			}
		}
	}
	for _, from := range allPEC {
		for _, trigger := range []ConsentTrigger{AskConsent, GiveConsent, DenyConsent, TermsChange, ResetConsent, ""} {
			to, ok := from.Move(trigger)
			if ok {
				pec = append(pec, fmt.Sprint(trigger, " ", from, " ", to))
			} else if to != from {
				t.Errorf("%s from %s is no move and leads to %s", trigger, from, to)
			}
		}
	}
	for _, from := range allVFD {
		for _, letter := range allLetters {
			if to, ok := from.Move(letter); ok {
				vfd = append(vfd, fmt.Sprintf("%s %c %s", from, letter, to))
			}
		}
	}
	same(t, rm, "rm.txt", 3)
	same(t, em, "em.txt", 3)
	same(t, pec, "pec.txt", 3)
	same(t, vfd, "vfd.txt", 3)
}

// csOf reads the six letters of a state.
func csOf(t *testing.T, letters string) CS {
	t.Helper()
	up := func(i int) bool { return letters[i] < 'a' }
	s := CS{VendorAware: up(0), FixReady: up(1), FixDeployed: up(2), Public: up(3), ExploitKnown: up(4), Attacks: up(5)}
	if s.String() != letters {
		t.Fatalf("%s is read as %s", letters, s)
	}
	return s
}

func TestTheCasesThirtyTwoStatesHaveTheirMovesAndZones(t *testing.T) {
	all := rows(t, "cs.txt")
	if len(all) != 32 {
		t.Fatalf("%d states, want 32", len(all))
	}
	for _, row := range all {
		s := csOf(t, row[0])
		for i, letter := range allLetters {
			got := "-"
			if to, ok := s.Next(letter); ok {
				got = to.String()
			}
			if got != row[1+i] {
				t.Errorf("%s then %c: got %s, want %s", s, letter, got, row[1+i])
			}
		}
		if got, want := string(s.Zone()), strings.Join(row[7:], " "); got != want {
			t.Errorf("%s means %q for an embargo, want %q", s, got, want)
		}
	}
}

func TestAMessageAboutTheEmbargoIsHeardAsTheTableSays(t *testing.T) {
	want := map[string][]string{}
	for _, row := range rows(t, "em_received.txt") {
		want[row[0]+" "+row[1]] = row[2:]
	}
	for _, message := range []string{"EP", "EA", "EV", "EJ", "EC", "ER", "ET", "EE", "EK", "RS", "CV", "XX"} {
		for _, s := range allEM {
			row, ok := want[message+" "+string(s)]
			if !ok {
				row = []string{string(s), "EE", string(s), "EE"}
			}
			for i, quiet := range []bool{true, false} {
				h := s.Hear(message, quiet)
				if replies := strings.Join(h.Replies, ","); string(h.To) != row[2*i] || replies != strings.Trim(row[2*i+1], "-") {
					t.Errorf("%s in %s, quiet %v: got %s %s, want %s %s", message, s, quiet, h.To, replies, row[2*i], row[2*i+1])
				}
			}
		}
	}
}

func TestALetterMovesTheEmbargoAsTheTableSays(t *testing.T) {
	var got []string
	for _, letter := range allLetters {
		for _, s := range allEM {
			to, trigger := s.After(letter)
			got = append(got, fmt.Sprintf("%c %s %s %s", letter, s, max(trigger, "-"), to))
		}
	}
	same(t, got, "cs_effects.txt", 4)
}

func TestOnlyWhoDoesItSaysThatAFixIsReadyOrDeployed(t *testing.T) {
	roles := map[string]FixRole{"vendor": {Vendor: true}, "deployer": {Deployer: true}, "other": {}}
	for _, row := range rows(t, "drives.txt") {
		got := ""
		for _, rm := range allRM {
			if roles[row[1]].May(row[0][0], rm) {
				got += string(rm)
			}
		}
		if got != strings.Trim(row[2], "-") {
			t.Errorf("%s by %s: got %q, want %q", row[0], row[1], got, row[2])
		}
	}
	if (FixRole{Vendor: true}).Start() != "vfd" || (FixRole{Deployer: true}).Start() != "d" || (FixRole{}).Start() != "" {
		t.Error("a vendor begins at vfd, a deployer at d, and nobody else walks that way")
	}
}

// Each of the twelve desiderata has a baseline of luck: the share of a uniform walk over what may happen next.
func TestLuckAloneGivesTheTwelveBaselines(t *testing.T) {
	shares := map[string]*big.Rat{}
	var walk func(s CS, path string, p *big.Rat)
	walk = func(s CS, path string, p *big.Rat) {
		var next []byte
		for _, letter := range allLetters {
			if _, ok := s.Next(letter); ok {
				next = append(next, letter)
			}
		}
		if len(next) == 0 {
			for i := range path {
				for j := i + 1; j < len(path); j++ {
					key := string(path[i]) + " " + string(path[j])
					if shares[key] == nil {
						shares[key] = new(big.Rat)
					}
					shares[key].Add(shares[key], p)
				}
			}
			return
		}
		each := new(big.Rat).Quo(p, big.NewRat(int64(len(next)), 1))
		for _, letter := range next {
			to, _ := s.Next(letter)
			walk(to, path+string(letter), each)
		}
	}
	walk(CS{}, "", big.NewRat(1, 1))
	all := rows(t, "luck.txt")
	if len(all) != 12 {
		t.Fatalf("%d baselines, want 12", len(all))
	}
	for _, row := range all {
		if got := "0" + row[2]; shares[row[0]+" "+row[1]].FloatString(4) != got {
			t.Errorf("%s before %s: got %s, want %s", row[0], row[1], shares[row[0]+" "+row[1]].FloatString(4), got)
		}
	}
}

// Over all words of up to nine moves the embargo takes exactly those of its language. The protocol's documents print it as
// (p*r)*(pa(p*r)*(pa)?t)?, which their own table contradicts: it would reject what nobody proposed, and knows neither a
// counter-proposal before an acceptance nor a second accepted revision.
func TestTheEmbargoTakesExactlyItsLanguage(t *testing.T) {
	whole := regexp.MustCompile(`^(p+r)*(p+a(p+[ra])*p*t)?$`)
	printed := regexp.MustCompile(`^(p*r)*(pa(p*r)*(pa)?t)?$`)
	trigger := map[byte]string{'p': "propose", 'a': "accept", 'r': "reject", 't': "terminate"}
	words, both := 0, 0
	var walk func(word []byte, s EM, ok bool)
	walk = func(word []byte, s EM, ok bool) {
		words++
		taken := ok && (s == NoEmbargo || s == Exited)
		if taken != whole.Match(word) {
			t.Errorf("%q: taken %v", word, taken)
		}
		if taken && printed.Match(word) {
			both++
		}
		if len(word) == 9 {
			return
		}
		for _, x := range []byte("part") {
			to, moved := s.Move(trigger[x])
			walk(append(slices.Clone(word), x), to, ok && moved)
		}
	}
	walk(nil, NoEmbargo, true)
	if words != 349525 || both != 98 {
		t.Errorf("%d words were tried, want all of up to nine letters; %d of the printed language are taken", words, both)
	}
	for word, why := range map[string]string{"ppat": "a counter-proposal", "papapat": "two revisions", "papt": "an end under revision"} {
		if !whole.MatchString(word) || printed.MatchString(word) {
			t.Errorf("%q (%s) no longer tells the two apart", word, why)
		}
	}
}

// What the code may not do is said by what the walk of all states never reaches.
func TestNoSequenceOfMovesReachesAStateThatCannotBe(t *testing.T) {
	type state struct {
		em EM
		cs CS
	}
	seen, todo := map[state]bool{}, []state{{NoEmbargo, CS{}}}
	for len(todo) > 0 {
		s := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if seen[s] {
			continue
		}
		seen[s] = true
		for _, letter := range allLetters {
			if to, ok := s.cs.Learn(letter); ok {
				em, _ := s.em.After(letter)
				todo = append(todo, state{em, to})
			}
		}
		for _, trigger := range []string{"propose", "accept", "reject", "terminate"} {
			if (trigger == "propose" || trigger == "accept") && !s.cs.Quiet() {
				continue
			}
			if to, ok := s.em.Move(trigger); ok {
				todo = append(todo, state{to, s.cs})
			}
		}
	}
	for s := range seen {
		switch {
		case s.em == Proposed && !s.cs.Quiet(), s.em.InForce() && !s.cs.Quiet():
			t.Errorf("an embargo is %s while the case is %s", s.em, s.cs)
		case s.cs.FixReady && !s.cs.VendorAware, s.cs.FixDeployed && !s.cs.FixReady, s.cs.ExploitKnown && !s.cs.Public:
			t.Errorf("%s cannot be", s.cs)
		}
	}
	if len(seen) < 60 {
		t.Errorf("only %d states were reached", len(seen))
	}
}
