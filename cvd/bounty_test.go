package cvd

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"strings"
	"testing"
	"time"
)

func TestAnAmountIsReadExactly(t *testing.T) {
	for text, want := range map[string]string{"1250.50 USD": "125050", "0.1 USD": "10", "7 JPY": "7", "007.00 EUR": "700", "1 KWD": "1000", "0 USD": "0"} {
		if m, err := ReadMoney("/amount", text, "", 0); err != nil || m.Units != want {
			t.Errorf("%s: got %q, %v; want %q", text, m.Units, err, want)
		}
	}
	for _, text := range []string{"", "USD", "12", "-5 USD", "1.234 USD", "7.5 JPY", "1,250.50 USD", "1e3 USD", ".5 USD", "5. USD", "1 usd", "1 JUNO", "1 USD EUR",
		"NaN USD", "0x10 USD", "١٢ USD", "9999999999999999999999999999999999999999 USD"} {
		if m, err := ReadMoney("/amount", text, "", 0); KindOf(err) != Invalid {
			t.Errorf("%q became %+v, %v", text, m, err)
		}
	}
	token, err := ReadMoney("/amount", "12345678901234567.000001", "JUNO", 6)
	if err != nil || token.String() != "12345678901234567.000001 JUNO" {
		t.Errorf("got %v, %v", token, err)
	}
	if _, err := ReadMoney("/amount", "1 USD", "JUNO", 6); KindOf(err) != Invalid {
		t.Errorf("another currency than the policy's: %v", err)
	}
}

func TestWhatDoesNotDivideGoesToTheEarlierReports(t *testing.T) {
	total := Money{"100", "USD", 2}
	got := fmt.Sprint(total.Equally([]int{3, 1, 2}))
	if want := "[{1 0.34 USD} {2 0.33 USD} {3 0.33 USD}]"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if !total.SumsTo(total.Equally([]int{3, 1, 2})) {
		t.Error("the shares do not sum to the whole")
	}
}

// TestNeverMoreIsPaidThanWasApproved: whatever is decided, proposed, approved, changed, paid, joined and parted, in whatever order, a
// payment is one that was approved when it was made, of its very amount, and shares sum to what was proposed.
func TestNeverMoreIsPaidThanWasApproved(t *testing.T) {
	at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	for seed := range uint64(300) {
		random := rand.New(rand.NewPCG(seed, 7))
		c := Case{Reports: []Report{{Number: 1}, {Number: 2}, {Number: 3}}, Marks: map[string]time.Time{}, Round: map[string]time.Time{}}
		approved, paid := new(big.Int), new(big.Int)
		for step := range 60 {
			n := random.IntN(3) + 1
			var what What
			switch random.IntN(5) {
			case 0:
				if _, done := c.Bounty.Paid(n); done {
					continue
				}
				what.BountyJudged = &BountyJudged{Report: n, Eligible: random.IntN(4) > 0, Because: "b"}
			case 1:
				total := Money{fmt.Sprint(random.IntN(1000)), "USD", 2}
				parts := total.Equally(pick(random))
				if random.IntN(3) == 0 && len(parts) > 0 { // a sum that is wrong
					parts[0].Amount.Units += "0"
				}
				if c.Bounty.Proposable(total, parts) != nil {
					continue
				}
				what.BountyProposed = &BountyProposed{Total: total, Parts: parts}
			case 2:
				if o := c.Bounty.Offer; o == nil || c.Bounty.Proposable(o.Total, o.Shares) != nil {
					continue
				}
				what.BountyApproved = &BountyApproved{}
				approved = c.Bounty.Offer.Total.count()
			default:
				if c.Bounty.Payable(n) != nil {
					continue
				}
				share, _ := c.Bounty.Share(n)
				what.BountyPaid = &BountyPaid{Report: n, Amount: share}
				paid.Add(paid, share.count())
			}
			before := c.Bounty
			c = Fold(c, Event{At: at, What: what})
			if what.BountyProposed != nil && c.Bounty.Approved() || what.BountyJudged != nil && c.Bounty.Approved() {
				t.Fatalf("seed %d, step %d: a change kept the approval", seed, step)
			}
			if o := c.Bounty.Offer; o != nil && !o.Total.SumsTo(o.Shares) {
				t.Fatalf("seed %d, step %d: %v do not sum to %v", seed, step, o.Shares, o.Total)
			}
			if what.BountyPaid != nil && (!before.Approved() || paid.Cmp(approved) > 0) {
				t.Fatalf("seed %d, step %d: paid %v of %v", seed, step, paid, approved)
			}
		}
		parted := c.Bounty.part(func(n int) int { return n % 2 })
		if o := parted.Offer; o != nil && !o.Total.SumsTo(o.Shares) {
			t.Fatalf("seed %d: after parting %v do not sum to %v", seed, o.Shares, o.Total)
		}
		joined := c
		joined.joinBounty(c.Bounty, func(n int) int { return n + 3 })
		if o := joined.Bounty.Offer; o != nil && !o.Total.SumsTo(o.Shares) {
			t.Fatalf("seed %d: after joining %v do not sum to %v", seed, o.Shares, o.Total)
		}
	}
}

func pick(random *rand.Rand) (all []int) {
	for n := 1; n <= 3; n++ {
		if random.IntN(2) == 0 {
			all = append(all, n)
		}
	}
	return all
}

// A reporter reads their own share, and neither the whole nor anybody else's.
func TestAReporterSeesTheirOwnShareAlone(t *testing.T) {
	usd := func(units string) Money { return Money{units, "USD", 2} }
	b := Bounty{Judged: []Judgement{{Report: 1, Eligible: true, By: "anna"}, {Report: 2, Eligible: true, By: "anna"}},
		Offer:   &Offer{By: "anna", Total: usd("1000"), Shares: []Share{{1, usd("300")}, {2, usd("700")}}, Because: "SECRET"},
		Payouts: []Payout{{Report: 2, Address: "OTHER"}}}
	if got := b.seenBy(1); got.Offer != nil {
		t.Errorf("what nobody approved is shown: %+v", got.Offer)
	}
	b.Offer.ApprovedAt, b.Offer.ApprovedBy = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC), "ben"
	got := fmt.Sprintf("%+v %+v", b.seenBy(1), *b.seenBy(1).Offer)
	for _, never := range []string{"anna", "ben", "SECRET", "1000", "700", "OTHER", "Report:2"} {
		if strings.Contains(got, never) {
			t.Errorf("the reporter reads %q in %s", never, got)
		}
	}
	if share, _ := b.seenBy(1).Share(1); share != usd("300") {
		t.Errorf("got %v", share)
	}
}
