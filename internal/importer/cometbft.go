package importer

import (
	"fmt"
	"strconv"

	"github.com/tipstaff/tipstaff/cvd"
)

var cometbft = Source{
	Name:    "cometbft-validators",
	Title:   "Voting power from CometBFT",
	Doc:     "What /validators?per_page=100 of a node answers. It knows addresses and voting power and nobody's contact, so it only weighs members that are there under these addresses as names.",
	Members: true,
	Read: func(text []byte) ([]cvd.Imported, error) {
		type answer struct {
			Validators []struct {
				Address string `json:"address"`
				Power   string `json:"voting_power"`
			} `json:"validators"`
		}
		var in struct {
			answer
			Result answer `json:"result"`
		}
		if err := readJSON(text, &in, "the answer of a node's /validators"); err != nil {
			return nil, err
		}
		var all []cvd.Imported
		for i, v := range append(in.Validators, in.Result.Validators...) {
			m := cvd.Addressee{Kind: "organisation", Name: v.Address}
			e := cvd.Imported{Line: i + 1, Member: &m}
			n, err := strconv.ParseInt(v.Power, 10, 64)
			if err != nil || n < 0 {
				e.Wrong = fmt.Sprintf("its voting power is %.40q", v.Power)
			}
			m.Weights = map[string]int64{"voting_power": n}
			all = append(all, e)
		}
		return all, nil
	},
}
