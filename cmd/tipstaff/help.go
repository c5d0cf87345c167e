package main

import "slices"

// spelled lets people ask for help and for the version as they do elsewhere: "help", "help case triage", "--version".
func spelled(args []string) []string {
	switch {
	case len(args) > 0 && args[0] == "help":
		return append(slices.Clone(args[1:]), "--help")
	case len(args) == 1 && args[0] == "--version":
		return []string{"version"}
	}
	return args
}
