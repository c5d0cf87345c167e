package web

import (
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/casework"
)

// sent is what a form sent: its texts, with the lines ended as everywhere, and its files.
type sent struct {
	values   url.Values
	files    []casework.File
	problems []*cvd.Error // of the files; the texts are kept all the same, to be shown again
	most     int          // bytes of one file
}

// mostParts is how many fields and files a form may send.
const mostParts = 300

// read takes a form apart, from the body alone: what stands in the address counts for nothing.
func read(r *http.Request) (sent, error) { return readFiles(r, casework.LargestFile) }

// readFiles is read of a form whose files may be larger.
func readFiles(r *http.Request, most int) (sent, error) {
	in := sent{values: url.Values{}, most: most}
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err == nil && kind == "multipart/form-data" {
		err = in.parts(r)
	} else {
		r.Body = http.MaxBytesReader(nil, r.Body, someText) // no files, so no room for them
		err = r.ParseForm()
		in.values = r.PostForm
	}
	tooLong := (*http.MaxBytesError)(nil)
	if errors.As(err, &tooLong) && len(in.values) > 0 { // what came before is kept, to be shown again
		in.refuse("", "%s", tooLarge().Error())
		err = nil
	}
	if err != nil && !errors.As(err, &tooLong) && cvd.KindOf(err) == "" {
		err = cvd.Errorf(cvd.Invalid, "the form did not arrive whole: send it again")
	}
	for _, all := range in.values {
		for i := range all {
			all[i] = strings.ReplaceAll(all[i], "\r\n", "\n") // as HTML sends what has a single line end on the screen
		}
	}
	return in, err
}

// parts reads a form with files piece by piece, so that a file that is too long is left before it fills the memory.
func (in *sent) parts(r *http.Request) error {
	form, err := r.MultipartReader()
	if err != nil {
		return err
	}
	left := int64(someText)
	for range mostParts {
		part, err := form.NextPart()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if part.FormName() == "files" {
			if err := in.file(part.FileName(), part); err != nil {
				return err
			}
			continue
		}
		text, err := io.ReadAll(io.LimitReader(part, left))
		in.values.Add(part.FormName(), string(text))
		if err != nil {
			return err
		}
		if left -= int64(len(text)); left == 0 {
			in.refuse("", "the texts have more than 1 MiB together: send the longest as a file. What is shown here may be cut")
			return nil
		}
	}
	in.refuse("", "the form has more than %d parts: put the files into one archive", mostParts)
	return nil
}

// file reads one file. A file field that was left empty is sent without a name.
func (in *sent) file(name string, from io.Reader) error {
	body, err := io.ReadAll(io.LimitReader(from, int64(in.most)+1))
	if err != nil || name == "" && len(body) == 0 {
		return err
	}
	switch {
	case len(body) > in.most:
		in.refuse("/attachments", "“%s” is longer than %d MiB: send a shorter part of it, or say in the text where it is", name, in.most>>20)
	case len(in.files) == casework.MostFiles:
		in.refuse("/attachments", "at most %d files are taken: put the rest into one archive", casework.MostFiles)
	default:
		in.files = append(in.files, casework.File{Name: name, Body: body})
	}
	return nil
}

func (in *sent) refuse(field, format string, args ...any) {
	if len(in.problems) == 0 { // one such word is enough
		in.problems = append(in.problems, &cvd.Error{Kind: cvd.TooLarge, Field: field, Says: fmt.Sprintf(format, args...)})
	}
}

// problem is what is wrong with the files, nil if nothing is.
func (in *sent) problem() error {
	if len(in.problems) == 0 {
		return nil
	}
	return in.problems[0]
}
