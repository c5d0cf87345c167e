package cvd

import (
	"reflect"
	"slices"
)

// unnamed is a view in which nobody of the team goes by name, as in the timeline of its reader: who takes part from outside hears
// from the project. It visits every field, so that none that is added later names somebody.
func (v View) unnamed() View {
	v.Attempts = slices.Clone(v.Attempts)
	for i := range v.Attempts {
		v.Attempts[i].Name = standingName(v.Attempts[i].By)
	}
	return rename(reflect.ValueOf(v), func(id ActorID) ActorID {
		if who := standingName(id); id != "" && who == theProject {
			return theProject
		}
		return id
	}).Interface().(View)
}

// theProject is how whoever is not of the team reads who of the team it was. It is nobody's handle, which has no blanks.
const theProject = "the project"
