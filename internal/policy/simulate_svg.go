package policy

import (
	"encoding/xml"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// The measures of a drawing: a column with what happens, one with the instant, and the axis.
const (
	rowHeight   = 24
	headHeight  = 40
	whatWidth   = 400
	whenWidth   = 190
	axisWidth   = 410
	drawingEdge = 12
	drawingWide = 2*drawingEdge + whatWidth + whenWidth + axisWidth
	axisBegins  = drawingEdge + whatWidth + whenWidth
	letterWidth = 7.0 // of 13 pixels, at most, on the average
)

// SVG draws the timeline to be part of a page: a row for each line, its instant in a zone (nil is UTC), and its place on an
// axis of time. It takes its colour from the text around it, and --timeline-late for what is late.
func (t *Timeline) SVG(w io.Writer, zone *time.Location) error { return t.draw(w, zone, "") }

// SVGFile draws the timeline as a file of its own, light or dark as its reader likes it.
func (t *Timeline) SVGFile(w io.Writer, zone *time.Location) error {
	return t.draw(w, zone, `<style>:root{color:#1b1b1b;background:#fff;--timeline-late:#b3261e}`+
		`@media(prefers-color-scheme:dark){:root{color:#eee;background:#161616;--timeline-late:#ff8a80}}</style>`)
}

// draw writes the whole drawing.
func (t *Timeline) draw(w io.Writer, zone *time.Location, style string) error {
	if zone == nil {
		zone = time.UTC
	}
	d := drawing{zone: zone, scale: t.scale()}
	high := headHeight + rowHeight*len(t.Entries) + 2*drawingEdge + rowHeight
	title := inert(oneLine("Timeline of " + t.heading()))
	d.add(`<svg xmlns="http://www.w3.org/2000/svg" role="img" class="timeline" width="%d" height="%d" viewBox="0 0 %d %d" aria-label="%s" fill="currentColor" font-family="system-ui, sans-serif" font-size="13">`,
		drawingWide, high, drawingWide, high, escapeXML(title))
	d.add(`<title>%s</title><desc>%s</desc>%s`, escapeXML(title), escapeXML(t.described()), style)
	d.ticks(high - drawingEdge - rowHeight)
	for i, m := range t.Entries {
		d.row(m, headHeight+rowHeight*i+rowHeight/2)
	}
	d.legend(high - drawingEdge - rowHeight/2)
	d.add(`</svg>`)
	_, err := io.WriteString(w, d.String())
	return err
}

// described says in words what the drawing shows.
func (t *Timeline) described() string {
	last := Moment{At: t.At}
	waiting := 0
	for _, m := range t.Entries {
		if m.At.IsZero() {
			waiting++
			continue
		}
		last = m
	}
	says := fmt.Sprintf("%d lines, from %s to %s.", len(t.Entries), t.Entries[0].At.Format("2006-01-02 15:04 UTC"), last.At.Format("2006-01-02 15:04 UTC"))
	if waiting > 0 {
		says += fmt.Sprintf(" %d have no date yet.", waiting)
	}
	return says + " The axis is not to scale: long gaps are shortened."
}

// drawing is an SVG while it is written.
type drawing struct {
	strings.Builder
	zone  *time.Location
	scale []tick
}

func (d *drawing) add(format string, args ...any) { fmt.Fprintf(d, format+"\n", args...) }

// tick is one instant and where it stands.
type tick struct {
	at time.Time
	x  float64
}

// scale gives every instant its place. Gaps are drawn by their square root, or a year would leave nothing of a day.
func (t *Timeline) scale() []tick {
	var ticks []tick
	total := 0.0
	for _, m := range t.Entries { // they stand in the order of time
		switch n := len(ticks); {
		case m.At.IsZero() || n > 0 && ticks[n-1].at.Equal(m.At):
			continue
		case n > 0:
			total += math.Sqrt(m.At.Sub(ticks[n-1].at).Hours())
		}
		ticks = append(ticks, tick{at: m.At, x: total})
	}
	least := math.Min(12, float64(axisWidth-40)/2/float64(len(ticks)))
	wide := axisWidth - 40 - least*float64(len(ticks)-1)
	for i := range ticks {
		if total > 0 {
			ticks[i].x = axisBegins + 20 + least*float64(i) + wide*ticks[i].x/total
		} else {
			ticks[i].x = axisBegins + 20
		}
	}
	return ticks
}

// ticks draws the axis: a line for each instant, and its day where there is room for it.
func (d *drawing) ticks(bottom int) {
	d.add(`<g stroke="currentColor"><path d="M%d %dH%d"/>`, axisBegins, headHeight-6, axisBegins+axisWidth)
	for _, t := range d.scale {
		d.add(`<path d="M%.1f %dV%d" opacity=".18"/>`, t.x, headHeight-6, bottom)
	}
	d.add(`</g><g font-size="11">`)
	free, year := 0.0, 0
	for _, t := range d.scale {
		local := t.at.In(d.zone)
		form := "2 Jan"
		if local.Year() != year {
			form = "2 Jan 2006"
		}
		label := local.Format(form)
		wide := 6.4 * float64(len(label))
		from := math.Min(t.x-4, axisBegins+axisWidth-wide)
		if from < free {
			continue
		}
		d.add(`<text x="%.1f" y="%d">%s</text>`, from, headHeight-12, label)
		free, year = from+wide+8, local.Year()
	}
	d.add(`</g>`)
}

// row draws one line.
func (d *drawing) row(m Moment, y int) {
	late := ""
	if m.Late {
		late = ` fill="var(--timeline-late, #d1242f)" stroke="var(--timeline-late, #d1242f)" class="late"`
	}
	when := "no date yet"
	if !m.At.IsZero() {
		when = m.At.In(d.zone).Format("Mon 2006-01-02 15:04 MST")
	}
	d.add(`<g><title>%s</title>`, escapeXML(inert(m.Kind+": "+m.words()+" — "+m.Clause)))
	weight := ""
	if m.Late || slices.Contains([]string{isRelease, isDisclosure, isDetails}, m.Kind) {
		weight = ` font-weight="600"`
	}
	d.add(`<text x="%d" y="%d"%s>%s</text>`, drawingEdge, y+4, weight, escapeXML(shorten(inert(m.titled()), whatWidth)))
	d.add(`<text x="%d" y="%d" font-size="12">%s</text>`, drawingEdge+whatWidth, y+4, escapeXML(when))
	if i := slices.IndexFunc(d.scale, func(t tick) bool { return t.at.Equal(m.At) }); i >= 0 {
		d.add(`<path d="M%d %dH%.1f" stroke="currentColor" opacity=".18"/><g%s>%s</g>`, axisBegins, y, d.scale[i].x-7, late, kindShape(m.Kind)(d.scale[i].x, y))
	} else {
		d.add(`<path d="M%d %dH%d" stroke="currentColor" stroke-dasharray="2 5" opacity=".5"/>`, axisBegins, y, axisBegins+axisWidth)
	}
	d.add(`</g>`)
}

// shape draws a sign around a point.
type shape = func(x float64, y int) string

// kindShape is the sign of a kind: what is done is filled, what is due is a bar, what only tells is hollow.
func kindShape(kind string) shape {
	switch kind {
	case isRelease, isDisclosure, isDetails:
		return func(x float64, y int) string {
			return fmt.Sprintf(`<path d="M%.1f %dl7 7l-7 7l-7 -7z"/>`, x, y-7)
		}
	case isDeadline, isLatest:
		return func(x float64, y int) string {
			return fmt.Sprintf(`<rect x="%.1f" y="%d" width="5" height="16"/>`, x-2.5, y-8)
		}
	case isArrival, isStep, isNotice, isSet:
		return func(x float64, y int) string { return fmt.Sprintf(`<circle cx="%.1f" cy="%d" r="5"/>`, x, y) }
	}
	return func(x float64, y int) string {
		return fmt.Sprintf(`<circle cx="%.1f" cy="%d" r="4" fill="none" stroke="currentColor" stroke-width="1.5"/>`, x, y)
	}
}

// legend explains the signs.
func (d *drawing) legend(y int) {
	x := drawingEdge + 6
	for _, s := range []struct{ kind, says string }{{isStep, "done"}, {isRelease, "published"}, {isDeadline, "due, or no later"}, {isTarget, "a wait, a target, a reminder"}} {
		d.add(`%s<text x="%d" y="%d" font-size="12">%s</text>`, kindShape(s.kind)(float64(x), y), x+12, y+4, s.says)
		x += 34 + int(letterWidth*float64(len(s.says)))
	}
	d.add(`<text x="%d" y="%d" font-size="12">the axis is not to scale</text>`, axisBegins, y+4)
}

// shorten cuts a text to a width; a letter of the far east is as wide as two.
func shorten(text string, wide int) string {
	left := float64(wide) - 2*letterWidth
	for i, r := range text {
		if left -= letterWidth; r >= 0x1100 {
			left -= letterWidth
		}
		if left < 0 {
			_, size := utf8.DecodeRuneInString(text[i:])
			if i+size == len(text) {
				return text
			}
			return strings.TrimRight(text[:i], " ") + "…"
		}
	}
	return text
}

func escapeXML(text string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(text)) // a Builder takes everything
	return b.String()
}
