package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/tipstaff/tipstaff/cvd"
)

// Fault is one thing that is wrong with what was sent.
type Fault struct {
	Pointer string `json:"pointer" doc:"The value meant: a JSON pointer (RFC 6901); for a query, the parameter's name after the slash."`
	Detail  string `json:"detail" doc:"What is wrong with it, and what to do."`
}

// faults are all that is wrong with a document.
type faults []Fault

// mostFaults is how many are listed: a hostile document must not buy a long answer.
const mostFaults = 20

func (f faults) Error() string {
	if len(f) == 1 {
		return f[0].Detail
	}
	return fmt.Sprintf("%d things are wrong with what was sent; the first, at %s: %s", len(f), f[0].Pointer, f[0].Detail)
}

// Unwrap makes errors.Is answer for the kind.
func (f faults) Unwrap() error { return cvd.Invalid }

// shape is what a document may look like, worked out once from the type that it is read into.
type shape struct {
	fields map[string]field // of an object
	items  *shape           // of a list, or of the values of a map
	what   string           // what stands here, in words
}

type field struct {
	index int
	shape *shape
	said  bool // it must be written out: left out, it would decide something in silence
}

var instant, raw = reflect.TypeFor[time.Time](), reflect.TypeFor[[]byte]()

// shapeOf reads a type. Fields marked read-only are filled in by the program: to a sender they do not exist.
func shapeOf(t reflect.Type) *shape {
	switch {
	case t == instant:
		return &shape{what: "an instant with its zone, such as 2026-12-01T16:00:00Z"}
	case t.Kind() == reflect.Pointer:
		return shapeOf(t.Elem())
	case t.Kind() == reflect.Struct:
		s := &shape{what: "an object", fields: map[string]field{}}
		for i := range t.NumField() {
			f := t.Field(i)
			if name, more, _ := strings.Cut(f.Tag.Get("json"), ","); name != "-" && f.Tag.Get("readOnly") != "true" {
				yesOrNo := f.Type.Kind() == reflect.Bool && !strings.Contains(more, "omitempty")
				s.fields[name] = field{index: i, shape: shapeOf(f.Type), said: yesOrNo || f.Tag.Get("said") == "always"}
			}
		}
		return s
	case t == raw:
		return &shape{what: "bytes in Base64"}
	case t.Kind() == reflect.Map:
		return &shape{what: "an object", items: shapeOf(t.Elem())}
	case t.Kind() == reflect.Slice:
		return &shape{what: "a list", items: shapeOf(t.Elem())}
	case t.Kind() == reflect.Bool:
		return &shape{what: "true or false"}
	case t.Kind() == reflect.String:
		return &shape{what: "a text"}
	}
	return &shape{what: "a number"}
}

// decoder reads one document. encoding/json alone would take members that nobody knows, TITLE for title, a member twice,
// and broken text, and would not say where: a reporter's mistake must not pass in silence.
type decoder struct {
	body   []byte
	json   *json.Decoder
	faults faults
}

// decode reads a JSON document into v, or says all that is wrong with it.
func decode(body []byte, s *shape, v reflect.Value) error {
	d := &decoder{body: body, json: json.NewDecoder(bytes.NewReader(body))}
	err := d.value(s, v, "")
	if err == nil {
		if _, err = d.json.Token(); err == nil {
			d.fault("", "something follows the document")
		} else if errors.Is(err, io.EOF) {
			err = nil
		}
	}
	if err != nil {
		d.fault("", "this is no JSON document: from byte %d on it cannot be read", d.json.InputOffset())
	}
	if len(d.faults) > 0 {
		return d.faults
	}
	return nil
}

func (d *decoder) fault(at, format string, args ...any) {
	if len(d.faults) < mostFaults {
		d.faults = append(d.faults, Fault{at, fmt.Sprintf(format, args...)})
	}
}

// value reads what stands at a place. Its error is that of a document that cannot be read on.
func (d *decoder) value(s *shape, v reflect.Value, at string) error {
	if s.fields == nil && s.items == nil {
		return d.leaf(s, v, at)
	}
	open, list := json.Delim('{'), v.Kind() == reflect.Slice
	if list {
		open = '['
	}
	token, err := d.json.Token()
	switch {
	case err != nil:
		return err
	case token == nil: // null says nothing, like a member that is not there
		return nil
	case token != open:
		d.fault(at, "expected %s", s.what)
		return d.skip(token)
	case v.Kind() == reflect.Pointer: // an object that may be left out
		v.Set(reflect.New(v.Type().Elem()))
		err = d.object(s, v.Elem(), at)
	case list:
		err = d.list(s, v, at)
	case s.fields != nil:
		err = d.object(s, v, at)
	default:
		err = d.table(s, v, at)
	}
	if err != nil {
		return err
	}
	_, err = d.json.Token() // the closing bracket
	return err
}

func (d *decoder) object(s *shape, v reflect.Value, at string) error {
	seen := make([]bool, v.NumField())
	for d.json.More() {
		name, err := d.name()
		if err != nil {
			return err
		}
		f, known := s.fields[name]
		place := at + "/" + escape(name)
		switch {
		case !known:
			d.fault(place, "there is no field %.40q here", name)
			err = d.json.Decode(new(json.RawMessage))
		case seen[f.index]:
			d.fault(place, "the field %q is given twice", name)
			err = d.json.Decode(new(json.RawMessage))
		default:
			from := d.json.InputOffset()
			err = d.value(f.shape, v.Field(f.index), place)
			seen[f.index] = !f.said || !bytes.HasSuffix(d.body[from:d.json.InputOffset()], []byte("null"))
		}
		if err != nil {
			return err
		}
	}
	d.unsaid(s, seen, at)
	return nil
}

// unsaid names what must be written out and was not.
func (d *decoder) unsaid(s *shape, seen []bool, at string) {
	for _, name := range slices.Sorted(maps.Keys(s.fields)) {
		if f := s.fields[name]; f.said && !seen[f.index] {
			d.fault(at+"/"+escape(name), "write %s: left out, it would be decided in silence", f.shape.what)
		}
	}
}

func (d *decoder) list(s *shape, v reflect.Value, at string) error {
	for i := 0; d.json.More(); i++ {
		item := reflect.New(v.Type().Elem()).Elem()
		if err := d.value(s.items, item, at+"/"+strconv.Itoa(i)); err != nil {
			return err
		}
		v.Set(reflect.Append(v, item))
	}
	return nil
}

func (d *decoder) table(s *shape, v reflect.Value, at string) error {
	v.Set(reflect.MakeMap(v.Type()))
	for d.json.More() {
		name, err := d.name()
		if err != nil {
			return err
		}
		item := reflect.New(v.Type().Elem()).Elem()
		if err := d.value(s.items, item, at+"/"+escape(name)); err != nil {
			return err
		}
		if v.MapIndex(reflect.ValueOf(name)).IsValid() {
			d.fault(at+"/"+escape(name), "the field %.40q is given twice", name)
		}
		v.SetMapIndex(reflect.ValueOf(name), item)
	}
	return nil
}

func (d *decoder) name() (string, error) {
	token, err := d.json.Token()
	name, _ := token.(string)
	return name, err
}

// leaf reads a value without parts.
func (d *decoder) leaf(s *shape, v reflect.Value, at string) error {
	from := d.json.InputOffset()
	err := d.json.Decode(v.Addr().Interface())
	if _, syntax := errors.AsType[*json.SyntaxError](err); syntax || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return err
	}
	if err != nil {
		d.fault(at, "expected %s", s.what)
	} else if v.Kind() == reflect.String {
		if says := unsound(d.body[from:d.json.InputOffset()], v.String()); says != "" {
			d.fault(at, "%s", says)
		}
	}
	return nil
}

// unsound says why a text cannot be kept as it was sent: encoding/json would put a replacement character into it.
func unsound(raw []byte, text string) string {
	switch {
	case !utf8.Valid(raw):
		return "the text is not valid UTF-8"
	case strings.IndexByte(text, 0) >= 0:
		return "the text holds the character NUL"
	case strings.Contains(text, "\uFFFD") && !bytes.Contains(raw, []byte("\uFFFD")) && !bytes.Contains(bytes.ToLower(raw), []byte(`\ufffd`)):
		return "the text holds half of a surrogate pair"
	}
	return ""
}

// skip leaves a value that begins with token.
func (d *decoder) skip(token json.Token) error {
	depth := 0
	for {
		switch token {
		case json.Delim('{'), json.Delim('['):
			depth++
		case json.Delim('}'), json.Delim(']'):
			depth--
		}
		if depth == 0 {
			return nil
		}
		var err error
		if token, err = d.json.Token(); err != nil {
			return err
		}
	}
}

// escape writes a name as a part of a JSON pointer (RFC 6901, 3).
func escape(name string) string {
	if !strings.ContainsAny(name, "~/") {
		return name
	}
	return strings.NewReplacer("~", "~0", "/", "~1").Replace(name)
}
