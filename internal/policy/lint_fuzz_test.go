package policy

import (
	"bytes"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"go.yaml.in/yaml/v4"

	"github.com/tipstaff/tipstaff/policies"
)

// FuzzLintOfDocumentsThatLackParts takes parts of the gallery's documents away, at random and until nothing more can be missed:
// whatever is still a policy is linted, and every finding has its place.
func FuzzLintOfDocumentsThatLackParts(f *testing.F) {
	texts := shipped(f)
	names := slices.Sorted(maps.Keys(texts))
	for i := range names {
		for seed := range uint64(12) {
			f.Add(uint8(i), seed, uint8(3))
		}
	}
	f.Fuzz(func(t *testing.T, which uint8, seed uint64, parts uint8) {
		name := names[int(which)%len(names)]
		var root yaml.Node
		if err := yaml.Load(texts[name], &root); err != nil {
			t.Fatal(err)
		}
		random := rand.New(rand.NewPCG(seed, 1))
		for range int(parts%8) + 1 {
			takeOut(&root, random)
			text, err := yaml.Dump(&root)
			if err != nil {
				return // an alias whose anchor is gone
			}
			p, err := Read(name, text, policies.Files.ReadFile)
			if err != nil {
				continue
			}
			for _, x := range LintAround(p, Around{Now: on("2026-06-01 00:00")}) {
				if x.Line < 1 || x.Column < 1 || x.File == "" || x.Clause == "" || x.Line > bytes.Count(text, []byte("\n"))+1 {
					t.Errorf("a finding without a place: %+v", x)
				}
			}
		}
	})
}

// takeOut removes one key or item somewhere in a document.
func takeOut(n *yaml.Node, random *rand.Rand) {
	for range 40 { // deep enough for any
		width := 1
		if n.Kind == yaml.MappingNode {
			width = 2
		}
		if len(n.Content) < width {
			return
		}
		i := random.IntN(len(n.Content)/width) * width
		inner := n.Content[i+width-1]
		if n.Kind != yaml.DocumentNode && (len(inner.Content) == 0 || random.IntN(3) == 0) {
			n.Content = slices.Delete(n.Content, i, i+width)
			return
		}
		n = inner
	}
}

// TestLintIsQuick: an editor asks after every key. The slowest document of the gallery may take 50 ms.
func TestLintIsQuick(t *testing.T) {
	for name := range shipped(t) {
		p := read(t, name)
		best := time.Hour
		for try := 0; try < 50 && best > 50*time.Millisecond; try++ { // a machine that does other work is asked again
			began := time.Now()
			Lint(p)
			best = min(best, time.Since(began))
		}
		if best > 50*time.Millisecond {
			t.Errorf("%s took %s", name, best)
		}
	}
}

func BenchmarkLint(b *testing.B) {
	for _, name := range slices.Sorted(maps.Keys(shipped(b))) {
		p := read(b, name)
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				Lint(p)
			}
		})
	}
}
