package policy

import (
	"fmt"

	"go.yaml.in/yaml/v4"
)

// UnmarshalYAML reads a duration: 24h, 7d, 1mo.
func (d *Duration) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind != yaml.ScalarNode {
		return &misread{at: n, says: what(n) + " stands where a duration belongs: write a number and a unit, for example 24h, 7d or 1mo"}
	}
	read, err := ParseDuration(n.Value)
	if err != nil {
		return &misread{at: n, says: err.Error(), allowed: durationUnits}
	}
	if read.Zero() {
		return &misread{at: n, says: "no time at all: leave the line out"}
	}
	*d = read
	return nil
}

var durationUnits = []string{"m", "h", "d", "w", "mo", "wd", "wh"}

// unitList are the units in a sentence.
const unitList = "m, h, d, w, mo, wd, wh"

// UnmarshalYAML reads one duration for all classes, or a mapping of classes to durations or events.
func (w *Within) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind != yaml.MappingNode {
		return w.All.UnmarshalYAML(n)
	}
	w.ByClass, w.Event = map[string]Duration{}, map[string]string{}
	for key, value := range pairs(n) {
		class := key.Value
		if _, twice := w.ByClass[class]; twice || w.Event[class] != "" {
			return &misread{at: key, says: fmt.Sprintf("the class %q is here twice", class)}
		}
		value = behind(value)
		if value == nil || value.Kind != yaml.MappingNode {
			var d Duration
			if value == nil {
				value = key
			}
			if err := d.UnmarshalYAML(value); err != nil {
				return err
			}
			w.ByClass[class] = d
			continue
		}
		if len(value.Content) != 2 || value.Content[0].Value != "event" || value.Content[1].Kind != yaml.ScalarNode {
			return &misread{at: value, says: "instead of a duration only an event may stand here: {event: NAME}", allowed: events}
		}
		w.Event[class] = value.Content[1].Value
	}
	return nil
}
