package load

import (
	"fmt"
	"math/rand/v2"
	"strconv"
)

// words is how many different words all reports are made of; each has some of them, so that whoever keeps an index of words
// has the work of one.
const words = 200_000

// Reports makes requests that send a report of about 1.5 KB to a path. No two reports are the same.
func Reports(path string) func(client int) Request {
	return func(client int) Request {
		r := rand.New(rand.NewPCG(rand.Uint64(), uint64(client)))
		var body []byte
		return func(buf []byte) []byte {
			body = report(body[:0], r)
			buf = fmt.Appendf(buf, "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n", path, len(body))
			return append(buf, body...)
		}
	}
}

// report writes a report as JSON that both the program and the reference take.
func report(b []byte, r *rand.Rand) []byte {
	b = append(b, `{"title":"Overflow of the `...)
	b = word(b, r)
	b = append(b, " in "...)
	b = word(b, r)
	b = append(b, `","description":"`...)
	for range 75 {
		b = append(b, "The header "...)
		b = word(b, r)
		b = append(b, ". "...)
	}
	return append(b, `"}`...)
}

// word is one of the many: "kuxo" and a number in base 36.
func word(b []byte, r *rand.Rand) []byte {
	return strconv.AppendUint(append(b, "kux"...), uint64(r.IntN(words)), 36)
}

// Page makes requests that read a page, compressed; with a tag, only if it is another one than that.
func Page(path, tag string) func(client int) Request {
	text := "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip\r\n"
	if tag != "" {
		text += "If-None-Match: " + tag + "\r\n"
	}
	text += "\r\n"
	return func(int) Request {
		return func(buf []byte) []byte { return append(buf, text...) }
	}
}
