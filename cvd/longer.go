package cvd

import "time"

// Extended makes a promise longer in one case. The instant that it had stays in the history of the clocks.
type Extended struct {
	Clock   string    `json:"clock"`
	Until   time.Time `json:"until"`
	Because string    `json:"because"`          // for the team and the reporter
	Agreed  string    `json:"agreed,omitempty"` // where the reporter said that they agree
}

func (x *Extended) kind() string        { return "extended" }
func (x *Extended) apply(*Case, *Event) {}
func (x *Extended) says() (string, Tier) {
	return "Made the promise “" + words(x.Clock) + "” longer, until " + Instant(x.Until) + ": " + x.Because, ForReporter
}
