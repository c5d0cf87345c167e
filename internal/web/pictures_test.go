package web_test

import (
	"bytes"
	"context"
	"flag"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"github.com/tipstaff/tipstaff/internal/apptest"
)

var update = flag.Bool("update", false, "take the pictures of docs/guide anew")

// picture is one picture of the guides: who looks at which page, and what of it.
type picture struct {
	name  string
	by    sight
	story string // of the script whose case the page is about, after the path
	do    func(b *tab)
	from  string // what the picture begins with: the page's top if nothing
	high  int64
}

const pictureWidth = 1200

var (
	jake  = visitor{"juno", "jake", ""}
	mara  = visitor{"solo-miner-monitor", "maintainer-1", ""}
	juno  = visitor{project: "juno"}
	solos = visitor{project: "solo-miner-monitor"}
)

var pictures = []picture{
	{name: "report-form", by: sight{juno, "/p/juno/report?kind=security"}, high: 900},
	{name: "return-code", by: sight{juno, "/p/juno/report?kind=security"}, high: 760, do: func(b *tab) {
		b.fill("Title", "A query with an empty height halts a node")
		b.fill("Description", "Send it to any node that answers queries, and the node stops.")
		b.fill("Impact", "Anybody can stop the nodes that answer queries, one after the other.")
		b.fill("Steps to reproduce", "Start a node.\nSend the query.")
		b.follow("Send the report")
	}},
	{name: "reporter-page", by: sight{visitor{"juno", "", "announced.txt"}, "/p/juno/status"}, high: 900},
	{name: "reporter-messages", by: sight{visitor{"juno", "", "announced.txt"}, "/p/juno/status"}, from: "#messages", high: 620},
	{name: "project-page", by: sight{solos, "/p/solo-miner-monitor"}, high: 900},
	{name: "public-case", by: sight{solos, "/p/solo-miner-monitor/cases/"}, story: "solo-miner-monitor/open.txt", high: 900},
	{name: "sign-in", by: sight{solos, "/desk/solo-miner-monitor/sign-in"}, high: 520},
	{name: "inbox", by: sight{mara, "/desk/solo-miner-monitor"}, high: 900},
	{name: "case", by: sight{mara, "/desk/solo-miner-monitor/cases/"}, story: "solo-miner-monitor/triaging.txt", high: 900},
	{name: "composers", by: sight{mara, "/desk/solo-miner-monitor/cases/"}, story: "solo-miner-monitor/triaging.txt", from: "#talk", high: 640},
	{name: "triage", by: sight{mara, "/desk/solo-miner-monitor/cases/"}, story: "solo-miner-monitor/triaging.txt/triage", high: 900},
	{name: "blocked", by: sight{jake, "/desk/juno/cases/"}, story: "juno/patching.txt", from: "#steps", high: 760, do: func(b *tab) { b.use("more wait for something") }},
	{name: "advisory", by: sight{jake, "/desk/juno/cases/"}, story: "juno/released.txt/advisory", high: 900},
	{name: "disclose", by: sight{jake, "/desk/juno/cases/"}, story: "juno/announced.txt/disclose", high: 720},
	{name: "published", by: sight{juno, "/p/juno/advisories/index.html"}, high: 620},
	{name: "board", by: sight{mara, "/desk/solo-miner-monitor/board"}, high: 760},
	{name: "measures", by: sight{mara, "/desk/solo-miner-monitor/measures"}, high: 900},
	{name: "installation", by: sight{jake, "/desk/juno/installation"}, high: 760},
}

// takePictures goes where the guides lead, so that what they show is there; with -update it takes their pictures.
func takePictures(t *testing.T, p *apptest.Program) {
	t.Helper()
	b := newTab(t, p)
	for _, c := range pictures {
		t.Run(c.name, func(t *testing.T) {
			b.t = t
			at := c.by
			if c.story != "" {
				script, rest := c.story[:strings.Index(c.story, ".txt")+4], c.story[strings.Index(c.story, ".txt")+4:]
				at.path += string(p.Journey.Cases[script]) + rest
			}
			b.show(at)
			b.size(pictureWidth, c.high)
			if c.do != nil {
				c.do(b)
			}
			b.steady(c.from)
			if !*update {
				return
			}
			shot := b.capture()
			if err := os.WriteFile(filepath.Join(apptest.Root(t), "docs", "guide", "images", c.name+".png"), shot, 0o644); err != nil {
				t.Fatal(err)
			}
		})
	}
	b.t = t
}

// steady puts what a picture shows to its top, with the same numbers and codes each time: they are drawn at random, and a picture
// should change only when its page does.
func (b *tab) steady(from string) {
	b.t.Helper()
	evaluate[bool](b, `(from => {
		const ids = new Map(), letters = "7KQ4M2XD9RTB3WHN5VPC6FYJ8GSZ";
		const same = s => s.replace(/\b((?:JUNO|BSMM)-)([0-9A-Z]{4})\b(?!-\d)/g, (all, prefix, id) => {
				if (!ids.has(id)) ids.set(id, letters.slice(ids.size % 24, ids.size % 24 + 4));
				return prefix + ids.get(id);
			}).replace(/((?:[0-9a-z]{4}-){6})[0-9a-z]{4}\b/g, "7k3q-0d9m-x2tw-h5vp-c6fy-8gsz-4rnb").replace(/127\.0\.0\.1:\d+/g, "security.example.org").replace($$, "/var/lib/tipstaff").replace(/^\d+ MiB/, "40960 MiB");
		const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
		for (let n; n = walk.nextNode();) if (same(n.data) !== n.data) n.data = same(n.data);
		for (const e of document.querySelectorAll("input, textarea")) e.value = same(e.value);
		document.activeElement && document.activeElement.blur();
		const to = from && document.querySelector(from);
		if (from && !to) throw new Error("nothing here is " + from);
		scrollTo({top: to ? to.getBoundingClientRect().top + scrollY - 16 : 0, behavior: "instant"});
		return true;
	})($$)`, b.p.Data, from)
}

func (b *tab) capture() []byte {
	b.t.Helper()
	var shot []byte
	b.must("take a picture", chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		res, err := cdp.Call(ctx, t, page.CaptureScreenshot, page.CaptureScreenshotParams{})
		shot = res.Data
		return err
	}))
	return small(b.t, shot)
}

// small keeps the 256 colours that a picture uses most, which no eye tells from all of them on a page of text.
func small(t *testing.T, shot []byte) []byte {
	t.Helper()
	whole, err := png.Decode(bytes.NewReader(shot))
	if err != nil {
		t.Fatal(err)
	}
	used := map[color.RGBA]int{}
	at := func(x, y int) color.RGBA { return color.RGBAModel.Convert(whole.At(x, y)).(color.RGBA) }
	box := whole.Bounds()
	for y := box.Min.Y; y < box.Max.Y; y++ {
		for x := box.Min.X; x < box.Max.X; x++ {
			used[at(x, y)]++
		}
	}
	colours := make([]color.RGBA, 0, len(used))
	for c := range used {
		colours = append(colours, c)
	}
	slices.SortFunc(colours, func(a, b color.RGBA) int {
		if used[a] != used[b] {
			return used[b] - used[a]
		}
		return int(a.R)<<16 + int(a.G)<<8 + int(a.B) - int(b.R)<<16 - int(b.G)<<8 - int(b.B)
	})
	palette := make(color.Palette, 0, 256)
	for _, c := range colours[:min(256, len(colours))] {
		palette = append(palette, c)
	}
	out, nearest := image.NewPaletted(box, palette), map[color.RGBA]uint8{}
	for y := box.Min.Y; y < box.Max.Y; y++ {
		for x := box.Min.X; x < box.Max.X; x++ {
			c := at(x, y)
			i, known := nearest[c]
			if !known {
				i = uint8(palette.Index(c))
				nearest[c] = i
			}
			out.Pix[out.PixOffset(x, y)] = i
		}
	}
	var b bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&b, out); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// Guides show pictures that are there, are light, have the width of a column, and say in words what they show.
func TestGuidesHaveTheirPictures(t *testing.T) {
	folder := filepath.Join(apptest.Root(t), "docs", "guide")
	guides, err := filepath.Glob(filepath.Join(folder, "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	shown, total := map[string]bool{}, 0
	for _, guide := range guides {
		text, err := os.ReadFile(guide)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`!\[([^\]]*)\]\(images/([^)]+)\)`).FindAllStringSubmatch(string(text), -1) {
			shown[m[2]] = true
			if len(m[1]) < 20 {
				t.Errorf("%s: the picture %s has no words for who does not see it: %q", filepath.Base(guide), m[2], m[1])
			}
		}
	}
	files, err := filepath.Glob(filepath.Join(folder, "images", "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		name := filepath.Base(file)
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		is, err := png.DecodeConfig(bytes.NewReader(b))
		if err != nil || is.Width != pictureWidth || len(b) > 150<<10 {
			t.Errorf("%s: %v, %d wide and %d bytes; want a PNG of %d and at most 150 KiB", name, err, is.Width, len(b), pictureWidth)
		}
		if !shown[name] {
			t.Errorf("no guide shows %s", name)
		}
		delete(shown, name)
		total += len(b)
	}
	for name := range shown {
		t.Errorf("a guide shows %s, which is not there: go test ./internal/web -run EveryPageInARealBrowser/pictures -update", name)
	}
	if total > 2<<20 {
		t.Errorf("all pictures together have %d bytes; want at most 2 MiB", total)
	}
}
