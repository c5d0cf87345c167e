package importer

// All returns every kind of list there is.
func All() []Source {
	return []Source{members, downstream, validators, cometbft, chainRegistry, chainRegistryWasm}
}
