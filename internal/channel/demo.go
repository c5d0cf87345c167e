package channel

import (
	"context"

	"github.com/tipstaff/tipstaff/cvd"
)

var demo = Channel{
	Name:    "demo",
	Doc:     "Takes every letter and sends none: for demonstrations and for restored copies that must keep quiet.",
	Address: "anything",
	Check:   func(string) error { return nil },
	Send: func(_ context.Context, out Out, _ cvd.Letter) (Receipt, error) {
		if out.Rehearsed != nil {
			out.Rehearsed.Add(1)
		}
		return Receipt{At: out.Now()}, nil
	},
}

// Rehearse returns the channel as a demonstration uses it: the same in everything, but that its letters go nowhere.
// What a person carries stays with the person.
func (c Channel) Rehearse() Channel {
	if !c.ByHand {
		c.Send = demo.Send
	}
	return c
}
