package app

import (
	"encoding/json"
	"fmt"
	"io"
	"reflect"
)

// strict reads JSON into a new value of the type of in.
func strict(in any, r io.Reader) (any, error) {
	v := reflect.New(reflect.TypeOf(in))
	d := json.NewDecoder(r)
	d.DisallowUnknownFields()
	if err := d.Decode(v.Interface()); err != nil {
		return nil, fmt.Errorf("read %T: %w", in, err)
	}
	return v.Elem().Interface(), nil
}
