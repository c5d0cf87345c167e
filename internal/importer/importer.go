// Package importer reads lists that others keep: of people to tell, of projects that run a product.
//
// Begin with Source, which is what each file of the shelf holds one of. To add a list, add a file with its name that declares one
// Source, and list it in all.go. A Source takes bytes that anybody may have written and gives entries, each with what is wrong about it;
// what it cannot read as a whole is an error that says why.
//
// It never fetches anything, keeps nothing, and decides nothing about who is told.
package importer

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/tipstaff/tipstaff/cvd"
)

// Source is one kind of list.
type Source struct {
	Name    string
	Title   string
	Doc     string // what the list looks like, and where it comes from
	Members bool   // it holds members of an audience
	Others  bool   // it holds projects downstream
	Read    func(text []byte) ([]cvd.Imported, error)
}

// readJSON reads a document, and says in words what it is not.
func readJSON(text []byte, into any, what string) error {
	if err := json.Unmarshal(text, into); err != nil {
		return fmt.Errorf("this is not %s: %w", what, err)
	}
	return nil
}

// handleOf makes a handle of what somebody wrote into a field for a contact; false if it is none.
func handleOf(text string) (cvd.Handle, bool) {
	text = strings.TrimPrefix(strings.TrimSpace(text), "mailto:")
	service := "mail"
	if strings.Contains(text, "://") {
		service = "web"
	}
	h := cvd.Handle{Service: service, Is: text}
	return h, text != "" && h.Wrong() == ""
}
