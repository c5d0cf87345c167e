package channel

import (
	"errors"

	"github.com/tipstaff/tipstaff/cvd"
)

// unsure is the error of a letter that the other side may have taken: the connection was lost before it could say so.
type unsure struct{ cause *cvd.Error }

func (u unsure) Error() string { return u.cause.Error() }
func (u unsure) Unwrap() error { return u.cause }

// Lost makes the error of a letter whose answer was lost.
func Lost(cause *cvd.Error) error { return unsure{cause} }

// Unsure says whether the letter may have gone out although there is an error: whoever tries again may repeat it.
func Unsure(err error) bool {
	_, ok := errors.AsType[unsure](err)
	return ok
}
