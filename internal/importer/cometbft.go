package importer

import (
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/tipstaff/tipstaff/cvd"
)

var cometbft = Source{
	Name:    "cometbft-validators",
	Title:   "Voting power from CometBFT",
	Doc:     "What /validators?per_page=100 of a node answers. It knows addresses and voting power and nobody's contact, so it only weighs members that are there under these addresses as names.",
	Members: true,
	Whole:   true,
	Read: func(text []byte) ([]cvd.Imported, error) {
		type answer struct {
			Validators []struct {
				Address string `json:"address"`
				Power   string `json:"voting_power"`
			} `json:"validators"`
			Total json.RawMessage `json:"total"`
		}
		var in struct {
			answer
			Result answer `json:"result"`
		}
		if err := readJSON(text, &in, "the answer of a node's /validators"); err != nil {
			return nil, err
		}
		all := append(in.Validators, in.Result.Validators...)
		if err := onePage(len(all), max(total(in.Total), total(in.Result.Total)), false, "or put the pages' validators into one list"); err != nil {
			return nil, err
		}
		var out []cvd.Imported
		for i, v := range all {
			m := cvd.Addressee{Kind: "organisation", Name: v.Address}
			e := cvd.Imported{Line: i + 1, Member: &m}
			n, err := strconv.ParseInt(v.Power, 10, 64)
			if err != nil || n < 0 {
				n = 0
				e.Wrong = fmt.Sprintf("its voting power is %.40q", v.Power)
			}
			m.Weights = map[string]int64{"voting_power": n}
			out = append(out, e)
		}
		return out, nil
	},
}
