package policy

import "go.yaml.in/yaml/v4"

// UnmarshalYAML reads a route: a sentence, or a mapping that begins with the sentence under says.
func (r *Route) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind == yaml.ScalarNode {
		r.Says = n.Value
		return nil
	}
	if n.Kind != yaml.MappingNode {
		return &misread{at: n, says: what(n) + " stands where a route belongs: write a sentence, or {says: …, channel: …, public: true}"}
	}
	for key, value := range pairs(n) {
		switch key.Value {
		case "says":
			r.Says = value.Value
		case "channel":
			r.Channel = value.Value
		case "public":
			r.Public = value.Value == "true"
		default:
			return &misread{at: key, says: "there is no key \"" + key.Value + "\" here", allowed: []string{"says", "channel", "public"}}
		}
	}
	if r.Says == "" {
		return &misread{at: n, says: "the key \"says\" is missing"}
	}
	return nil
}
