package policies_test

import (
	"flag"
	"fmt"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"

	"github.com/tipstaff/tipstaff/internal/policy"
)

var updateGuide = flag.Bool("update-guide", false, "write the examples of docs/guide/language.md anew from the documents")

const guidePath = "../docs/guide/language.md"

// example is one block of the guide: "From [FILE](…), `CLAUSE`:" and the YAML below it.
var example = regexp.MustCompile("(?m)^From \\[([a-z0-9./-]+)\\]\\([^)]*\\), `([a-z0-9_.:-]+)`:\n\n```yaml\n([^`]*)```$")

// TestEveryConceptIsShownByAnExampleOfTheGallery: what the guide for authors shows stands word for word in a document that the
// program reads, and every part of the language is shown.
func TestEveryConceptIsShownByAnExampleOfTheGallery(t *testing.T) {
	text, err := os.ReadFile(guidePath)
	if err != nil {
		t.Fatal(err)
	}
	guide, shown := string(text), map[string]bool{}
	for _, found := range example.FindAllStringSubmatch(guide, -1) {
		file, clause, block := found[1], found[2], found[3]
		document, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		want := excerpt(t, file, document, clause)
		if *updateGuide {
			guide = strings.Replace(guide, found[0], strings.Replace(found[0], "```yaml\n"+block+"```", "```yaml\n"+want+"```", 1), 1)
		} else if block != want {
			t.Errorf("%s, %s is not as the guide shows it; go test ./policies -run EveryConcept -update-guide writes it anew", file, clause)
		}
		if _, err := policy.Read(file, document, beside); err != nil {
			t.Errorf("%s: %v", file, err)
		}
		part, _, _ := strings.Cut(clause, ".")
		shown[part] = true
	}
	if *updateGuide {
		if err := os.WriteFile(guidePath, []byte(guide), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	words := []string{"policy", "title", "prefix", "language", "zone", "website", "summary", "sources", "overlays", "drop", "inherit"}
	for _, f := range reflect.VisibleFields(reflect.TypeFor[policy.Document]()) {
		key, _, _ := strings.Cut(f.Tag.Get("yaml"), ",")
		if key == "" || key == "-" || slices.Contains(words, key) {
			continue
		}
		if !shown[key] {
			t.Errorf("the guide has no example of %s", key)
		}
	}
	for _, word := range words { // told in words, since they are one value each
		if !strings.Contains(guide, "`"+word+"`") && !strings.Contains(guide, "`"+word+":") {
			t.Errorf("the guide does not name %s", word)
		}
	}
}

// beside are the documents of the gallery, as those here refer to them.
func beside(name string) ([]byte, error) { return os.ReadFile(name) }

// excerpt is the text of a clause in a document, with its comments, moved to the left.
func excerpt(t *testing.T, file string, document []byte, clause string) string {
	t.Helper()
	var root yaml.Node
	if err := yaml.Load(document, &root); err != nil {
		t.Fatal(err)
	}
	node, from := root.Content[0], 0
	for part := range strings.SplitSeq(clause, ".") {
		inner, line := child(node, part)
		if inner == nil {
			t.Fatalf("%s has no %s", file, clause)
		}
		node, from = inner, line
	}
	lines := strings.Split(string(document), "\n")
	depth := func(line string) int { return len(line) - len(strings.TrimLeft(line, " ")) }
	indent, to := depth(lines[from-1]), from
	for i := from; i < len(lines); i++ {
		line := lines[i]
		if content := strings.TrimSpace(line); content == "" || strings.HasPrefix(content, "#") {
			continue
		}
		if depth(line) < indent || depth(line) == indent && !(strings.HasPrefix(strings.TrimSpace(line), "- ") && !strings.HasPrefix(strings.TrimSpace(lines[from-1]), "- ")) {
			break
		}
		to = i + 1
	}
	var b strings.Builder
	for _, line := range lines[from-1 : to] {
		fmt.Fprintln(&b, strings.TrimRight(line[min(indent, depth(line)):], " "))
	}
	return b.String()
}

// child is what stands under a key of a mapping, or the item of a list with a name, and its line.
func child(n *yaml.Node, name string) (*yaml.Node, int) {
	if n.Kind == yaml.SequenceNode {
		for _, item := range n.Content {
			for i := 0; i+1 < len(item.Content); i += 2 {
				if slices.Contains([]string{"name", "step", "lint"}, item.Content[i].Value) && item.Content[i+1].Value == name {
					return item, item.Line
				}
			}
		}
		return nil, 0
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == name {
			return n.Content[i+1], n.Content[i].Line
		}
	}
	return nil, 0
}
