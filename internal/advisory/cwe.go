package advisory

import (
	_ "embed"
	"regexp"
	"strings"
)

//go:embed cwe.txt
var cweCatalogue string

var (
	cveID = regexp.MustCompile(`^CVE-[0-9]{4}-[0-9]{4,19}$`)
	cweID = regexp.MustCompile(`^CWE-[1-9][0-9]{0,5}$`)
)

// weakness is an entry of the Common Weakness Enumeration. CSAF 2.0 (6.1.11) wants id and name exactly as in the catalogue.
type weakness struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// weaknessOf finds the entry of an id, "CWE-79".
func weaknessOf(id string) (weakness, bool) {
	if !cweID.MatchString(id) {
		return weakness{}, false
	}
	_, rest, found := strings.Cut(cweCatalogue, "\n"+id[len("CWE-"):]+"\t")
	if !found {
		return weakness{}, false
	}
	name, _, _ := strings.Cut(rest, "\n")
	return weakness{ID: id, Name: name}, true
}
