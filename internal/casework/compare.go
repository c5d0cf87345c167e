package casework

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/tipstaff/tipstaff/cvd"
)

// mostCompared is how much of the patches is compared with an advisory, in bytes.
const mostCompared = 16 << 20

// Compared is an edition of an advisory beside the patches of its case.
type Compared struct {
	Edition  int
	Patches  []string      // names of the files it was compared with: those that the asker may read, and those that they gave
	Findings []cvd.Wording // what the edition tells and none of them holds
}

// Compare finds what an edition of the advisory tells beyond the patches: edition 0 is the newest. It compares with the patches of
// the case that the asker may read, so that nobody learns by asking what stands in the others, and with those that they give. Of
// these nothing is kept.
func (w *Casework) Compare(ctx context.Context, who cvd.Actor, id cvd.CaseID, edition int, given []File) (Compared, error) {
	a, v, err := w.openForWork(ctx, who, id)
	if err != nil {
		return Compared{}, err
	}
	if len(v.Advisory.Editions) == 0 {
		return Compared{}, cvd.Errorf(cvd.NotFound, "there is no edition of the advisory yet")
	}
	if edition == 0 {
		edition = len(v.Advisory.Editions)
	}
	if edition < 1 || edition > len(v.Advisory.Editions) {
		return Compared{}, cvd.Errorf(cvd.NotFound, "the advisory has no such edition")
	}
	for n, f := range given {
		if _, _, err := ReadPatch(f.Body); err != nil {
			return Compared{}, cvd.Fieldf(fmt.Sprintf("/patches/%d", n), "%s is neither a patch, nor a git bundle, nor a .tar.gz", f.Name)
		}
	}
	return w.compare(ctx, a, v.Advisory.Editions[edition-1], given)
}

func (w *Casework) compare(ctx context.Context, a *asking, e cvd.Edition, files []File) (Compared, error) {
	out := Compared{Edition: e.Number}
	for _, p := range a.c.PatchFiles {
		if !slices.Contains(p.Readers, a.who.ID) {
			continue
		}
		body, err := w.store.Attachment(ctx, a.who.Project, a.c.ID, p.File)
		if err != nil {
			return out, fmt.Errorf("read patch %s: %w", p.ID, err)
		}
		files = append(slices.Clip(files), File{Name: p.File.Name, Body: body})
	}
	var texts []string
	left := mostCompared
	for _, f := range files {
		out.Patches = append(out.Patches, f.Name)
		text := codeOf(f.Body)
		if len(text) > left {
			return out, cvd.Errorf(cvd.TooLarge, "the patches are larger than what is compared at once (%d MiB): compare a part, and read the rest", mostCompared>>20)
		}
		left -= len(text)
		texts = append(texts, text)
	}
	if len(texts) > 0 {
		out.Findings = a.p.Beyond(e.Text, texts)
	}
	return out, nil
}

// codeOf is all that a patch shows to whoever has it, as text.
func codeOf(body []byte) string {
	var out strings.Builder
	add := func(text []byte) {
		out.Write(text)
		out.WriteByte('\n')
	}
	switch formOf(body) {
	case "bundle":
		heads, pack := bundleParts(body)
		add([]byte(strings.Join(heads, "\n")))
		eachObject(pack, func(_ byte, object []byte) bool {
			add(object)
			return out.Len() <= mostCompared
		})
	case "archive":
		_ = eachMember(body, func(name string, content io.Reader) (bool, error) { // what can be read of it
			text, err := io.ReadAll(io.LimitReader(content, LargestFile))
			add([]byte(name))
			add(text)
			return out.Len() <= mostCompared, err
		})
	default:
		return string(body)
	}
	return out.String()
}
