package importer

import (
	"encoding/json"
	"fmt"
	"math/big"
	"strings"

	"github.com/tipstaff/tipstaff/cvd"
)

var validators = Source{
	Name:    "validators",
	Title:   "Validators of a Cosmos chain",
	Doc:     "What /cosmos/staking/v1beta1/validators?status=BOND_STATUS_BONDED&pagination.limit=500 of the chain's REST server answers: names, security contacts, and tokens as voting power.",
	Members: true,
	Whole:   true,
	Read: func(text []byte) ([]cvd.Imported, error) {
		var in struct {
			Validators []struct {
				Operator    string `json:"operator_address"`
				Status      string `json:"status"`
				Jailed      bool   `json:"jailed"`
				Tokens      string `json:"tokens"`
				Description struct {
					Moniker string `json:"moniker"`
					Website string `json:"website"`
					Contact string `json:"security_contact"`
				} `json:"description"`
			} `json:"validators"`
			Pagination struct {
				Next  string          `json:"next_key"`
				Total json.RawMessage `json:"total"`
			} `json:"pagination"`
		}
		if err := readJSON(text, &in, "the answer of /cosmos/staking/v1beta1/validators"); err != nil {
			return nil, err
		}
		if err := onePage(len(in.Validators), total(in.Pagination.Total), in.Pagination.Next != "", "with pagination.limit=500 or more"); err != nil {
			return nil, err
		}
		var all []cvd.Imported
		var tokens []string
		for i, v := range in.Validators {
			m := cvd.Addressee{Kind: "organisation", Name: strings.TrimSpace(v.Description.Moniker), Weights: map[string]int64{}}
			e := cvd.Imported{Line: i + 1, Member: &m}
			if m.Name == "" {
				m.Name = v.Operator
			}
			contact, ok := handleOf(v.Description.Contact)
			switch {
			case v.Status == "BOND_STATUS_UNBONDED" || v.Jailed:
				e.Wrong = noPart
			case !ok && strings.TrimSpace(v.Description.Contact) == "":
				e.Wrong = "it names no security contact"
			case !ok:
				e.Wrong = fmt.Sprintf("its security contact %.80q is neither a mail address nor a page at https://", v.Description.Contact)
			default:
				m.Handles = append(m.Handles, contact)
			}
			if site, ok := handleOf(v.Description.Website); ok && site.Service == "web" && site.Is != contact.Is {
				m.Handles = append(m.Handles, site)
			}
			all, tokens = append(all, e), append(tokens, v.Tokens)
		}
		powers, err := powersOf(tokens)
		for i := range powers {
			if all[i].Wrong == noPart {
				continue // and it has no vote
			}
			all[i].Member.Weights["voting_power"] = powers[i]
		}
		return all, err
	},
}

// noPart is what is said of a validator that is jailed or not bonded.
const noPart = "it takes no part in the chain at the moment"

// powersOf are tokens as voting power. A token has six decimals as a rule, and eighteen on some chains: all of a list are taken in the
// same unit, the one in which the largest is a number of usual size.
func powersOf(tokens []string) ([]int64, error) {
	unit, most := big.NewInt(1_000_000), new(big.Int)
	var all []*big.Int
	for i, text := range tokens {
		n, ok := new(big.Int).SetString(text, 10)
		if !ok || n.Sign() < 0 || len(text) > 40 {
			return nil, fmt.Errorf("entry %d has the tokens %.50q, and no number", i+1, text)
		}
		if all = append(all, n); n.Cmp(most) > 0 {
			most = n
		}
	}
	if most.BitLen() > 63 {
		unit = big.NewInt(1_000_000_000_000_000_000)
	}
	var out []int64
	for i, n := range all {
		if n = new(big.Int).Div(n, unit); !n.IsInt64() {
			return nil, fmt.Errorf("entry %d has more tokens than there can be", i+1)
		}
		out = append(out, n.Int64())
	}
	return out, nil
}
