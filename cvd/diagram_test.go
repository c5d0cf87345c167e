package cvd

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

const statesGuide = "../docs/guide/states.md"

const statesIntro = `# The states of a case

Five machines say how far a matter is, as the CERT/CC Vultron protocol has them. Two belong to the case: its embargo, and what the
world knows. Three belong to each who takes part: how they manage the report, their consent to the embargo, and for vendors and
deployers the way to a fix. The diagrams are printed from the tables of the program by a test.

What the protocol says in two ways is decided once: a wrong “valid” is corrected by deferring; a signature lapses when the embargo
comes under revision, and stands again if the revision is refused; attacks do not make a matter public, and where the policy lets an
embargo outlive them the team is asked within a day; a fix, its deployment or a participant's leaving ends nothing by itself. The
protocol prints the language of an embargo as (p\*r)\*(pa(p\*r)\*(pa)?t)?, which its own table contradicts; the program takes the table:
(p+r)\*(p+a(p+[ra])\*p\*t)?.
`

// The guide's diagrams are what the tables say.
func TestTheGuideDrawsTheTables(t *testing.T) {
	var b strings.Builder
	b.WriteString(statesIntro)
	draw := func(title, first string, moves []string) {
		fmt.Fprintf(&b, "\n## %s\n\n```mermaid\nstateDiagram-v2\n    [*] --> %s\n", title, first)
		for _, m := range moves {
			b.WriteString("    " + m + "\n")
		}
		b.WriteString("```\n")
	}
	var rm, em, pec, vfd []string
	for _, from := range allRM {
		for _, trigger := range []string{"receive", "validate", "invalidate", "accept", "defer", "close"} {
			if to, ok := from.Move(trigger); ok {
				rm = append(rm, fmt.Sprintf("%s --> %s: %s", from, to, trigger))
			}
		}
	}
	for _, from := range allEM {
		for _, trigger := range []string{"propose", "accept", "reject", "terminate"} {
			if to, ok := from.Move(trigger); ok {
				em = append(em, fmt.Sprintf("%s --> %s: %s", from, to, trigger))
			}
		}
	}
	for _, from := range allPEC {
		for _, trigger := range []ConsentTrigger{AskConsent, GiveConsent, DenyConsent, TermsChange, ResetConsent} {
			if to, ok := from.Move(trigger); ok {
				pec = append(pec, fmt.Sprintf("%s --> %s: %s", from, to, trigger))
			}
		}
	}
	for _, from := range allVFD {
		for _, letter := range allLetters {
			if to, ok := from.Move(letter); ok {
				vfd = append(vfd, fmt.Sprintf("%s --> %s: %c", from, to, letter))
			}
		}
	}
	draw("A report, for each who takes part", "S", rm)
	draw("The embargo of a case", "N", em)
	draw("Consent to the embargo, for each who takes part", "NO_EMBARGO", pec)
	draw("The way to a fix, for each vendor and deployer", "vfd", vfd)
	draw("What the world knows of a case", CS{}.String(), worldMoves())
	if os.Getenv("UPDATE") != "" {
		if err := os.WriteFile(statesGuide, []byte(b.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if is, err := os.ReadFile(statesGuide); err != nil || string(is) != b.String() {
		t.Errorf("%s is not what the tables say (%v): run UPDATE=1 go test ./cvd -run TheGuideDraws", statesGuide, err)
	}
}

// worldMoves are the moves of all states of a case that can be reached.
func worldMoves() (moves []string) {
	seen, todo := map[CS]bool{}, []CS{{}}
	for len(todo) > 0 {
		s := todo[0]
		if todo = todo[1:]; seen[s] {
			continue
		}
		seen[s] = true
		for _, letter := range allLetters {
			if to, ok := s.Next(letter); ok {
				moves = append(moves, fmt.Sprintf("%s --> %s: %c", s, to, letter))
				todo = append(todo, to)
			}
		}
	}
	slices.Sort(moves)
	return moves
}
