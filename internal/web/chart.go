package web

import (
	"fmt"
	"strings"

	"github.com/tipstaff/tipstaff/internal/casework"
)

// chart is a row of bars, one for each month, drawn by the template. Positions are shares of its width, so that it fits every
// screen and its letters stay readable.
type chart struct {
	ID, Title, Desc string
	Most            string // what the top line stands for
	Bars            []bar
}

// bar is one month; of a month without cases there is a mark on the ground line.
type bar struct {
	X, Width  string // "12.5%"
	Y, Height string // in the chart's own units, of 100
	Label     string // beneath it; most have none
	None      bool
}

// fewestPlaces keeps the bars of a few months from becoming walls.
const fewestPlaces = 12

// chartOf draws the months of a measure; of fewer than two, and where all are nothing, there is nothing to see.
func chartOf(m casework.Result, months []casework.Number) *chart {
	if len(months) < 2 {
		return nil
	}
	top := months[0]
	var says []string
	for _, n := range months {
		if n.Value > top.Value || top.None {
			top = n
		}
		says = append(says, n.Title+": "+amount(n))
	}
	if top.Value == 0 {
		return nil
	}
	if top.Unit == "share" {
		top.Value = 1
	}
	c := &chart{ID: "chart-" + m.Name, Title: m.Title + " by month", Desc: strings.Join(says, ". ") + ".", Most: amount(top)}
	places := max(len(months), fewestPlaces)
	each := 100 / float64(places)
	labels := 1 + (places-1)/6 // at most six are read on a small screen
	for i, n := range months {
		b := bar{X: percent(float64(i)*each + each*0.15), Width: percent(each * 0.7), None: n.None}
		height := 100 * n.Value / top.Value
		b.Y, b.Height = fmt.Sprintf("%.1f", 100-height), fmt.Sprintf("%.1f", height)
		if i%labels == 0 {
			b.Label = n.Name
		}
		c.Bars = append(c.Bars, b)
	}
	return c
}

func percent(x float64) string { return fmt.Sprintf("%.2f%%", x) }
