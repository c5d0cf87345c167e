package casework

import (
	"context"
	"encoding/base32"
	"fmt"
	"strings"
	"time"
	"unicode"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/ledger"
	"github.com/tipstaff/tipstaff/internal/store"
)

// signed fills a letter with a notice: its text, who says it and when, and both signatures over all of that. A member's copy is
// signed by itself, since it may bear a mark.
func (w *Casework) signed(ctx context.Context, a *asking, n cvd.Notice, member string, l *cvd.Letter) error {
	check := w.base + "/p/" + string(a.c.Project) + "/notices/verify"
	l.Subject = n.Subject
	l.Brief = signable(n.Text) + "\nCheck a signed copy: " + check + "\n"
	foot := fmt.Sprintf("\n%s, notice “%s”, %s\nNotice %s\n", a.p.Document.Title, a.noticeTitle(n), cvd.Instant(n.At), n.Event)
	if rule, ok := a.notice(n.Name); ok && rule.TLP != "" {
		foot += "TLP:" + strings.ToUpper(rule.TLP) + "\n"
	}
	if member != "" && a.marked(n.Name) {
		mark, err := w.mark(ctx, a.c.Project, n.Event, member)
		if err != nil {
			return err
		}
		foot += "Copy " + mark + ", which was made for you alone\n"
	}
	l.Text = signable(n.Text + foot + "Check this text: " + check)
	signer, err := w.store.NoticeSigner(ctx, a.c.Project)
	if err != nil {
		return err
	}
	return sign(signer, l, a.now)
}

// sign signs the text of a letter with both keys.
func sign(by store.NoticeSigner, l *cvd.Letter, now time.Time) error {
	clear, err := by.PGP.Sign([]byte(l.Text), now)
	if err != nil {
		return fmt.Errorf("sign letter %s: %w", l.Job, err)
	}
	l.Signed = strings.ReplaceAll(string(clear), "\r\n", "\n")
	l.Note, err = ledger.SignText(l.Text, by.Note)
	return err
}

// signable is a text that means the same to both signatures: lines without spaces at their end, which OpenPGP does not sign, and no
// control characters, which a note does not hold.
func signable(text string) string {
	var out strings.Builder
	for line := range strings.Lines(strings.ToValidUTF8(strings.ReplaceAll(text, "\t", "    "), "\uFFFD")) {
		line = strings.Map(func(r rune) rune {
			if unicode.IsControl(r) {
				return -1
			}
			return r
		}, line)
		out.WriteString(strings.TrimRightFunc(line, unicode.IsSpace) + "\n")
	}
	return strings.TrimRight(out.String(), "\n") + "\n"
}

// noticeTitle is what people call a notice.
func (a *asking) noticeTitle(n cvd.Notice) string {
	name, _, corrects := cvd.Corrects(n.Name)
	if rule, ok := a.notice(name); ok && rule.Title != "" {
		name = rule.Title
	}
	if corrects {
		return "Correction: " + name
	}
	return name
}

// markAlphabet has no letters that are taken for digits.
var markAlphabet = base32.NewEncoding("23456789ABCDEFGHJKLMNPQRSTUVWXYZ").WithPadding(base32.NoPadding)

// mark is the code of one member's copy of a notice. Only the project can work it out, so nobody can put it on somebody else.
func (w *Casework) mark(ctx context.Context, project cvd.ProjectID, notice cvd.EventID, member string) (string, error) {
	sum, err := w.store.MAC(ctx, project, "copy of a notice", string(notice), member)
	if err != nil {
		return "", fmt.Errorf("mark a copy of notice %s: %w", notice, err)
	}
	code := markAlphabet.EncodeToString(sum[:5])
	return code[:4] + "-" + code[4:], nil
}
