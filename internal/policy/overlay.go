package policy

import (
	_ "embed" // for the smallest document
	"fmt"

	"go.yaml.in/yaml/v4"
)

// An overlay says what holds besides, for every project that is under the same law or contract: it begins with `overlay: NAME`
// in the place of `policy:` and has only the sections that it adds to. It is laid over the documents that name it in
// `overlays`, by the same rules as a document over one that it extends, and its values win. Read by itself it lies over
// the smallest document there is, so that what it says can be checked.

//go:embed smallest.yaml
var smallest []byte

// smallestFile is how problems call it.
const smallestFile = "smallest.yaml"

// Overlay says whether the document is an overlay that was read by itself: no policy that could be in force.
func (p *Policy) Overlay() bool { return p.Document.Overlay != "" }

// Own says whether a clause stands in the document itself and not only in one that it stands on; of a clause that stands
// nowhere, whether the nearest one around it does.
func (p *Policy) Own(clause string) bool {
	at, there := p.nearest(clause)
	return there && at.file == p.file
}

// overSmallest gives the nodes of an overlay that is read by itself.
func (l *layers) overSmallest(doc *source, more []string) *yaml.Node {
	if !l.standsOnNothing(doc) {
		return nil
	}
	if len(more) > 0 {
		return l.refuse(doc, "overlay", "overlays lie over policies; this document is an overlay itself")
	}
	base := l.parse(smallestFile, smallest)
	if base == nil {
		return nil
	}
	l.below = append(l.below, smallestFile)
	below := l.copied(base.root, smallestFile)
	return l.lay(below, doc, l.copied(doc.root, doc.file))
}

// overlaid lays an overlay over nodes, which it changes.
func (l *layers) overlaid(root *yaml.Node, by *source, name, clause string) *yaml.Node {
	doc := l.open(name, by, clause)
	if doc == nil {
		return nil
	}
	if doc.head.Overlay != name {
		return l.refuse(by, clause, fmt.Sprintf("%s is not the overlay %s: that begins with overlay: %s", doc.file, name, name))
	}
	if !l.standsOnNothing(doc) {
		return nil
	}
	over := l.copied(doc.root, doc.file)
	without(over, itsOwn)
	without(over, headKeys)
	root = l.lay(root, doc, over)
	l.allow(doc)
	return root
}

func (l *layers) standsOnNothing(doc *source) bool {
	switch {
	case doc.head.Extends != "":
		l.refuse(doc, "extends", "an overlay stands on whatever it is laid over, and extends nothing")
	case len(doc.head.Overlays) > 0:
		l.refuse(doc, "overlays", "an overlay stands on whatever it is laid over, and no other lies over it")
	default:
		return true
	}
	return false
}
