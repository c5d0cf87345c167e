package cvd

import (
	"testing"
	"time"
)

// A notice that is ordered again does not lose its first order: what was delivered of it stays known, and what is still under way is
// credited to the order that it is of.
func TestANoticeThatIsOrderedAgainKeepsItsFirstOrder(t *testing.T) {
	at := func(rev int64, w What) Event {
		return Event{ID: EventID(rune('a' + rev)), Project: "p", Case: "P-0001", Rev: rev, At: t0.Add(time.Duration(rev) * time.Hour), What: w}
	}
	order := func(says string) What {
		return What{Notified: &Notified{Notice: "moved", Says: map[string]string{"at": says}, Channels: []string{"x", "mail"}}}
	}
	first, again := at(2, order("noon")), at(4, order("two"))
	c := fold([]Event{at(1, What{Received: &Received{Report: Report{Title: "Overflow"}, Kind: "security", Track: "private"}}), first,
		at(3, What{Delivered: &Delivered{Notice: "moved", Channel: "x"}}), again,
		at(5, What{Delivered: &Delivered{Notice: "moved", Order: first.ID, Channel: "mail"}}),
		at(6, What{Delivered: &Delivered{Notice: "moved", Channel: "mail"}})})
	if len(c.Notices) != 1 || len(c.Notices[0].Delivered) != 1 || c.Notices[0].Says["at"] != "two" {
		t.Errorf("the last order is %+v", c.Notices)
	}
	if len(c.OldOrders) != 1 || len(c.OldOrders[0].Delivered) != 2 || c.OldOrders[0].Says["at"] != "noon" {
		t.Errorf("the first order is %+v", c.OldOrders)
	}
	if all := c.Orders(); len(all) != 2 || all[0].Event != again.ID || all[1].Event != first.ID {
		t.Errorf("the orders are %+v", all)
	}
}
