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
	"strconv"
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
	Whole   bool   // it names all of an audience, each with their weight
	Read    func(text []byte) ([]cvd.Imported, error)
}

// readJSON reads a document, and says in words what it is not.
func readJSON(text []byte, into any, what string) error {
	if err := json.Unmarshal(text, into); err != nil {
		return fmt.Errorf("this is not %s: %w", what, err)
	}
	return nil
}

// onePage says that a list is a part only, where those who wrote it say that there is more: an answer in pages, of which one was
// sent. What is counted by such a list would be too small.
func onePage(have, of int, more bool, ask string) error {
	switch {
	case of > have:
		return fmt.Errorf("this is one page of several, %d of %d entries: ask for all at once, %s", have, of, ask)
	case more:
		return fmt.Errorf("this is one page of several, and says itself that there is another one: ask for all at once, %s", ask)
	}
	return nil
}

// total is a number that may be written as a text; 0 if it is none.
func total(text json.RawMessage) int {
	n, _ := strconv.Atoi(strings.Trim(string(text), `"`))
	return n
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
