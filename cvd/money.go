package cvd

import (
	"math/big"
	"slices"
	"strings"
)

// Money is an amount of one currency or token, counted in its smallest unit: never in fractions, and never rounded.
type Money struct {
	Units    string `json:"units"` // decimal digits: some tokens have more than fit into 64 bits
	Code     string `json:"code"`
	Decimals int    `json:"decimals"` // how many digits of the units stand behind the point
}

// mostDigits is how long an amount may be, in units.
const mostDigits = 36

// oddDecimals are currencies of ISO 4217 that have not two decimals.
var oddDecimals = map[string]int{"JPY": 0, "KRW": 0, "VND": 0, "CLP": 0, "ISK": 0, "PYG": 0, "UGX": 0, "XAF": 0, "XOF": 0, "XPF": 0,
	"RWF": 0, "KMF": 0, "GNF": 0, "DJF": 0, "BIF": 0, "VUV": 0, "BHD": 3, "IQD": 3, "JOD": 3, "KWD": 3, "LYD": 3, "OMR": 3, "TND": 3}

// ReadMoney reads an amount as people write it, such as "1250.50 USD". Without a currency of its own it is of the one that the
// policy names; another one is refused where the policy names one. Field is where it stands.
func ReadMoney(field, text, code string, decimals int) (Money, error) {
	number, unit, _ := strings.Cut(strings.Join(strings.Fields(text), " "), " ")
	switch {
	case unit == "" && code == "":
		return Money{}, Fieldf(field, "say of which currency: 1250.50 USD")
	case unit == "":
		unit = code
	case code != "" && unit != code:
		return Money{}, Fieldf(field, "bounties of this project are paid in %s", code)
	case code == "" && (len(unit) != 3 || strings.Trim(unit, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != ""):
		return Money{}, Fieldf(field, "write a currency by its three capital letters, like 1250.50 USD; a token is named in the policy, under bounty.currency")
	}
	if code == "" {
		decimals = 2
		if odd, ok := oddDecimals[unit]; ok {
			decimals = odd
		}
	}
	whole, fraction, point := strings.Cut(number, ".")
	digits := func(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }
	switch {
	case strings.HasPrefix(number, "-"):
		return Money{}, Fieldf(field, "an amount is not negative")
	case !digits(whole) || point && !digits(fraction):
		return Money{}, Fieldf(field, "write the amount in digits with a point before the fraction and nothing between thousands: 1250.50 %s", unit)
	case len(fraction) > decimals:
		return Money{}, Fieldf(field, "%s has %d decimals: %q has more", unit, decimals, number)
	case len(whole)+decimals > mostDigits:
		return Money{}, Fieldf(field, "this is more than there is of any currency")
	}
	units := strings.TrimLeft(whole+fraction+strings.Repeat("0", decimals-len(fraction)), "0")
	if units == "" {
		units = "0"
	}
	return Money{units, unit, decimals}, nil
}

// String writes the amount as people read it: "1250.50 USD".
func (m Money) String() string {
	if m.Code == "" {
		return ""
	}
	units := m.Units
	if m.Decimals == 0 {
		return units + " " + m.Code
	}
	if short := m.Decimals + 1 - len(units); short > 0 {
		units = strings.Repeat("0", short) + units
	}
	at := len(units) - m.Decimals
	return units[:at] + "." + units[at:] + " " + m.Code
}

// Zero says whether it is nothing.
func (m Money) Zero() bool { return m.count().Sign() == 0 }

// of is an amount of the same currency.
func (m Money) of(units *big.Int) Money { return Money{units.String(), m.Code, m.Decimals} }

// count is the amount in units. What is no number, which nothing here writes, counts as nothing.
func (m Money) count() *big.Int {
	n, ok := new(big.Int).SetString(m.Units, 10)
	if !ok {
		return new(big.Int)
	}
	return n
}

// Share is what one report gets of a bounty.
type Share struct {
	Report int   `json:"report"`
	Amount Money `json:"amount"`
}

// Equally shares an amount between reports. What does not divide goes to the earlier reports, one unit to each.
func (m Money) Equally(reports []int) []Share {
	reports = slices.Sorted(slices.Values(reports))
	if len(reports) == 0 {
		return nil
	}
	each, rest := new(big.Int).QuoRem(m.count(), big.NewInt(int64(len(reports))), new(big.Int))
	var all []Share
	for i, r := range reports {
		units := new(big.Int).Set(each)
		if big.NewInt(int64(i)).Cmp(rest) < 0 {
			units.Add(units, big.NewInt(1))
		}
		all = append(all, Share{r, m.of(units)})
	}
	return all
}

// SumsTo says whether shares are together exactly an amount, in its currency.
func (m Money) SumsTo(shares []Share) bool {
	sum := new(big.Int)
	for _, s := range shares {
		if s.Amount.Code != m.Code || s.Amount.Decimals != m.Decimals {
			return false
		}
		sum.Add(sum, s.Amount.count())
	}
	return sum.Cmp(m.count()) == 0
}
