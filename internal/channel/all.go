package channel

import "slices"

// All returns every channel there is.
func All() []Channel { return []Channel{mail, webhook, discord, person, demo} }

// Named returns the channel of that name.
func Named(name string) (Channel, bool) {
	all := All()
	i := slices.IndexFunc(all, func(c Channel) bool { return c.Name == name })
	if i < 0 {
		return Channel{}, false
	}
	return all[i], true
}
