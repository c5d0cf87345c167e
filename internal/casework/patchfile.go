package casework

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"io"
	"mime"
	"strings"

	"github.com/tipstaff/tipstaff/cvd"
)

// Said is what a change says where strangers may read it once it is pushed: each text with the field that it stands in.
type Said struct {
	Field string // branch, message, title, ci, file, log
	Text  string
}

// What is read of a patch: enough for any real one, and no more than the memory bears.
const (
	mostOfPack  = 64 << 20 // bytes of a bundle's objects, unpacked
	mostObjects = 100000
	mostMembers = 2000 // files of an archive
	mostSaid    = 2000 // texts
	longestSaid = 1 << 16
	longestLog  = 4 << 20 // bytes of one text that is asked about
)

// ReadPatch says what form a patch has and what it says: a patch as git format-patch or diff writes it, a git bundle, or a
// .tar.gz with either inside. Nothing of it is run.
func ReadPatch(body []byte) (form string, said []Said, err error) {
	switch form = formOf(body); form {
	case "bundle":
		said = readBundle(body)
	case "archive":
		said, err = readArchive(body)
	case "patch":
		said = readMail(body)
	default:
		err = cvd.Fieldf("/file", "this is neither a patch, nor a git bundle, nor a .tar.gz")
	}
	return form, said, err
}

// formOf is what form a patch has by its first look: bundle, archive, patch, or "" for none.
func formOf(body []byte) string {
	switch {
	case bytes.HasPrefix(body, []byte("# v2 git bundle\n")), bytes.HasPrefix(body, []byte("# v3 git bundle\n")):
		return "bundle"
	case bytes.HasPrefix(body, []byte{0x1f, 0x8b}):
		return "archive"
	case isPatch(body):
		return "patch"
	}
	return ""
}

func isPatch(body []byte) bool {
	return bytes.HasPrefix(body, []byte("diff --git ")) || bytes.Contains(body, []byte("\ndiff --git ")) ||
		bytes.HasPrefix(body, []byte("--- ")) || bytes.Contains(body, []byte("\n--- ")) && bytes.Contains(body, []byte("\n+++ "))
}

// readMail reads patches as git format-patch writes them: subjects, messages, names of files.
func readMail(body []byte) (said []Said) {
	var title, message strings.Builder
	const ( // where in a patch a line stands
		before = iota
		subject
		text
		change
	)
	in := before
	end := func() {
		for _, x := range []Said{{"title", withoutTag(decoded(title.String()))}, {"message", message.String()}} {
			if x.Text = strings.TrimSpace(x.Text); x.Text != "" {
				said = append(said, x)
			}
		}
		title.Reset()
		message.Reset()
	}
	for len(body) > 0 && len(said) < mostSaid {
		var whole []byte
		whole, body, _ = bytes.Cut(body, []byte("\n")) // however long: behind a long line there are other patches
		line := string(bytes.TrimSuffix(whole[:min(len(whole), longestSaid)], []byte("\r")))
		rest, isSubject := strings.CutPrefix(line, "Subject:")
		names, isDiff := strings.CutPrefix(line, "diff --git ")
		switch {
		case isDiff:
			end()
			in, said = change, append(said, Said{"file", names})
		case strings.HasPrefix(line, "From ") && strings.Contains(line, " Mon Sep 17 00:00:00 2001"): // the mark of format-patch
			end()
			in = before
		case isSubject && in != text:
			in = subject
			title.WriteString(rest)
		case in == subject && strings.HasPrefix(line, " "):
			title.WriteString(line)
		case in == subject && line == "":
			in = text
		case in == text && line == "---":
			end()
			in = change
		case in == text:
			message.WriteString(line + "\n")
		}
	}
	end()
	return said
}

// decoded is a subject in plain characters (RFC 2047): git writes it so as soon as one letter is not ASCII.
func decoded(subject string) string {
	if plain, err := new(mime.WordDecoder).DecodeHeader(subject); err == nil {
		return plain
	}
	return subject
}

// withoutTag takes “[PATCH 1/2]” from a subject.
func withoutTag(subject string) string {
	subject = strings.TrimSpace(subject)
	if rest, ok := strings.CutPrefix(subject, "["); ok {
		if _, after, found := strings.Cut(rest, "]"); found {
			return strings.TrimSpace(after)
		}
	}
	return subject
}

// readBundle reads a git bundle: its branches, and the messages of its commits (gitformat-bundle, gitformat-pack). A commit that
// is kept as a difference from another is not read.
func readBundle(body []byte) (said []Said) {
	heads, pack := bundleParts(body)
	for _, name := range heads {
		said = append(said, Said{"branch", strings.TrimPrefix(strings.TrimPrefix(name, "refs/heads/"), "refs/tags/")})
	}
	return append(said, readPack(pack)...)
}

// bundleParts are the names of a bundle's branches and tags, and its pack.
func bundleParts(body []byte) (heads []string, pack []byte) {
	for {
		line, rest, whole := bytes.Cut(body, []byte("\n"))
		if !whole {
			return heads, nil
		}
		if body = rest; len(line) == 0 {
			return heads, body
		}
		if _, name, ok := strings.Cut(string(line), " "); ok && !strings.ContainsRune("#@-", rune(line[0])) {
			heads = append(heads, name)
		}
	}
}

// The types of a pack's objects.
const (
	packCommit   = 1
	packTag      = 4
	packOffDelta = 6
	packRefDelta = 7
)

// readPack reads the messages of the commits and tags in a pack.
func readPack(pack []byte) (said []Said) {
	eachObject(pack, func(kind byte, object []byte) bool {
		if kind == packCommit || kind == packTag {
			if _, message, ok := strings.Cut(string(object), "\n\n"); ok {
				said = append(said, Said{"message", strings.TrimSpace(message)})
			}
		}
		return len(said) < mostSaid
	})
	return said
}

// eachObject unpacks the objects of a pack as they lie there, until no more are wanted. One that is kept as a difference from
// another is what is new in it.
func eachObject(pack []byte, use func(kind byte, object []byte) (more bool)) {
	if len(pack) < 12 || string(pack[:4]) != "PACK" {
		return
	}
	r, left := bytes.NewReader(pack[12:]), int64(mostOfPack)
	for n := min(binary.BigEndian.Uint32(pack[8:12]), mostObjects); n > 0; n-- {
		kind, size, err := packHeader(r)
		if err != nil || size > left {
			return
		}
		left -= size
		z, err := zlib.NewReader(r)
		if err != nil {
			return
		}
		object, err := io.ReadAll(io.LimitReader(z, size+1))
		if err != nil || int64(len(object)) != size || !use(kind, object) {
			return
		}
	}
}

// packHeader reads what stands before an object: its type, and its size once it is unpacked.
func packHeader(r *bytes.Reader) (kind byte, size int64, err error) {
	b, err := r.ReadByte()
	if err != nil {
		return 0, 0, err
	}
	kind, size = b>>4&7, int64(b&15)
	for shift := 4; b&0x80 != 0; shift += 7 {
		if b, err = r.ReadByte(); err != nil || shift > 50 {
			return 0, 0, errors.New("the size of an object has no end")
		}
		size |= int64(b&0x7f) << shift
	}
	switch kind {
	case packOffDelta: // how far back the other object lies
		for b = 0x80; b&0x80 != 0 && err == nil; {
			b, err = r.ReadByte()
		}
	case packRefDelta:
		_, err = r.Seek(20, io.SeekCurrent)
	}
	return kind, size, err
}

// readArchive reads the names in a .tar.gz, and what the patches in it say.
func readArchive(body []byte) (said []Said, err error) {
	err = eachMember(body, func(name string, content io.Reader) (bool, error) {
		said = append(said, Said{"file", name})
		if !strings.HasSuffix(name, ".patch") && !strings.HasSuffix(name, ".diff") {
			return len(said) < mostSaid, nil
		}
		text, err := io.ReadAll(io.LimitReader(content, LargestFile))
		said = append(said, readMail(text)...)
		return len(said) < mostSaid, err
	})
	return said, err
}

// eachMember goes through the files of a .tar.gz until no more are wanted.
func eachMember(body []byte, use func(name string, content io.Reader) (more bool, err error)) error {
	broken := cvd.Fieldf("/file", "this .tar.gz cannot be read")
	z, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		return broken
	}
	files := tar.NewReader(io.LimitReader(z, mostOfPack))
	for range mostMembers {
		h, err := files.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return broken
		}
		if more, err := use(h.Name, files); err != nil {
			return broken
		} else if !more {
			return nil
		}
	}
	return nil
}
