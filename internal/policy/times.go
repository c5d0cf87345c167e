package policy

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// times are a document's calendars and schedule, ready to be asked.
type times struct {
	calendars map[string]*WorkTime
	timetable *Timetable
}

// WorkTime is the calendar of a name, or the document's own where the name is empty. It is nil where every minute counts; then
// the document has no promise in working time that would ask it.
func (p *Policy) WorkTime(name string) *WorkTime {
	if name == "" {
		name = p.Document.Calendar
	}
	return p.times.calendars[name]
}

// Timetable says when the project publishes; it is nil, which restricts nothing, where the document has no schedule.
func (p *Policy) Timetable() *Timetable { return p.times.timetable }

// readTimes makes calendars and schedule ready, and wants a calendar for every promise in working time.
func (r *reader) readTimes(from Files) {
	d := &r.policy.Document
	r.policy.times.calendars = map[string]*WorkTime{}
	tell := func(clause string, faults []fault) {
		for _, f := range faults {
			r.at(clause+f.clause, f.says, f.allowed...)
		}
	}
	for i := range d.Calendars {
		c := &d.Calendars[i]
		ready, faults := c.workTime(from)
		tell("calendars."+c.Name, faults)
		if ready != nil {
			r.policy.times.calendars[c.Name] = ready
		}
	}
	if d.Schedule != nil {
		var faults []fault
		r.policy.times.timetable, faults = d.Schedule.timetable(r.policy.times.calendars)
		tell("schedule", faults)
	}
	r.wantCalendars(reflect.ValueOf(d).Elem(), func() string { return "" }, "")
}

// wantCalendars looks at every duration of a value. The calendar is the one that was named last on the way to it; the clause
// is put together only for a problem.
func (r *reader) wantCalendars(v reflect.Value, clause func() string, calendar string) {
	want := func(d Duration, class string) {
		if d.Works() && (calendar == "" || calendar == elapsed) {
			r.at(clause()+class, fmt.Sprintf("%s is working time, and no calendar says which time that is: write calendar", d.Words()), calendarNames(r.policy)...)
		}
	}
	switch x := v.Interface().(type) {
	case Duration:
		want(x, "")
		return
	case Within:
		want(x.All, "")
		for class, d := range x.ByClass {
			want(d, "."+class)
		}
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			r.wantCalendars(v.Elem(), clause, calendar)
		}
	case reflect.Slice:
		for i := range v.Len() {
			r.wantCalendars(v.Index(i), func() string { return join(clause(), itemName(v.Index(i), i)) }, calendar)
		}
	case reflect.Struct:
		if own := v.FieldByName("Calendar"); own.IsValid() && own.Kind() == reflect.String && own.String() != "" {
			calendar = own.String()
		}
		for i := range v.NumField() {
			if key, _ := keyOf(v.Type().Field(i)); key != "" {
				r.wantCalendars(v.Field(i), func() string { return join(clause(), key) }, calendar)
			}
		}
	}
}

// itemName is what an item of a list is called in clauses, see nameOf.
func itemName(item reflect.Value, i int) string {
	if item.Kind() == reflect.Struct {
		for _, naming := range []string{"name", "step", "lint"} {
			if f, ok := fieldOf(item.Type(), naming); ok && f.Type.Kind() == reflect.String {
				return item.FieldByIndex(f.Index).String()
			}
		}
	}
	return strconv.Itoa(i + 1)
}

// file is the text of a calendar's file: what is called like one lies beside the document, the others are shipped.
func (c *Calendar) file(from Files) ([]byte, error) {
	switch text, there := shippedCalendar(c.File); {
	case there:
		return text, nil
	case !strings.HasSuffix(c.File, ".ics"):
		return nil, fmt.Errorf("no calendar %q is shipped; one beside the document is called like holidays.ics", c.File)
	case strings.ContainsAny(c.File, `/\`):
		return nil, fmt.Errorf("%q is no file beside the document, like holidays.ics", c.File)
	case from == nil:
		return nil, fmt.Errorf("the calendar %s lies beside the document, which is read where there is no other file", c.File)
	}
	text, err := from(c.File)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", c.File, err)
	}
	return text, nil
}

// dates are all holidays as a document may list them, so that it needs no file.
func (w *WorkTime) dates() []string {
	var all []string
	for d := range w.holidays {
		all = append(all, d.String())
	}
	for of := range w.yearly {
		all = append(all, fmt.Sprintf("--%02d-%02d", of.month, of.of))
	}
	slices.Sort(all)
	return all
}
