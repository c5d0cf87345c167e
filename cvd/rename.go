package cvd

import (
	"reflect"
	"strings"
)

// renamed is a copy of a case in which whoever is named anywhere goes by another name. It visits every field, so that no list
// that is added later is forgotten: who bears an id that was somebody else's would read what is not theirs.
func (c Case) renamed(called func(ActorID) ActorID) Case {
	return rename(reflect.ValueOf(c), called).Interface().(Case)
}

// rename copies a value. A struct with fields of its own package's alone, like an instant, names nobody.
func rename(v reflect.Value, called func(ActorID) ActorID) reflect.Value {
	out := reflect.New(v.Type()).Elem()
	out.Set(v)
	switch v.Kind() {
	case reflect.String:
		if id, ok := v.Interface().(ActorID); ok {
			out.SetString(string(called(id)))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if !v.Type().Field(i).IsExported() {
				return v
			}
			out.Field(i).Set(rename(v.Field(i), called))
		}
	case reflect.Pointer:
		if !v.IsNil() {
			out.Set(reflect.New(v.Type().Elem()))
			out.Elem().Set(rename(v.Elem(), called))
		}
	case reflect.Slice:
		if !v.IsNil() && v.Type().Elem().Kind() != reflect.Uint8 {
			out.Set(reflect.MakeSlice(v.Type(), v.Len(), v.Len()))
			for i := range v.Len() {
				out.Index(i).Set(rename(v.Index(i), called))
			}
		}
	case reflect.Map:
		if !v.IsNil() {
			out.Set(reflect.MakeMapWithSize(v.Type(), v.Len()))
			for key, value := range v.Seq2() {
				out.SetMapIndex(rename(key, called), rename(value, called))
			}
		}
	}
	return out
}

// formerly names the guests of a case that goes on elsewhere so that nobody who is invited there bears the id of one of them.
func formerly(id CaseID) func(ActorID) ActorID {
	return func(who ActorID) ActorID {
		if strings.HasPrefix(string(who), "guest:") {
			return who + ActorID("@"+string(id))
		}
		return who
	}
}
