package channel

import (
	"context"
	"strings"

	"github.com/tipstaff/tipstaff/cvd"
)

var person = Channel{
	Name:    "person",
	Doc:     "A person posts it where no program may (a social network, a telephone, a closed forum) and says when and where.",
	Address: "where it is to be posted, in words: the validators' group on Telegram",
	Check: func(address string) error {
		if strings.TrimSpace(address) == "" {
			return cvd.Errorf(cvd.Invalid, "say in words where a person is to post it")
		}
		return oneLine("the place", address)
	},
	ByHand: true,
	Send: func(context.Context, Out, cvd.Letter) (Receipt, error) {
		return Receipt{}, cvd.Errorf(cvd.Refused, "a person has to post it and to say so")
	},
}
