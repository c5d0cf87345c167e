package web

import (
	"encoding/json"
	"mime"
	"net/http"
	"strconv"
)

// sendReceipt sends the receipt of a report as a file: a promise at first, a proof from the next hour on.
func (s *server) sendReceipt(w http.ResponseWriter, r *http.Request) error {
	return s.held(w, r, func(h held) error {
		receipt, err := s.Casework.ReceiptOf(r.Context(), h.who, h.who.Case)
		if err != nil {
			return err
		}
		body, err := json.MarshalIndent(receipt, "", "  ")
		if err != nil {
			return err
		}
		save(w, "application/json", string(h.who.Case)+"-receipt.json", append(body, '\n'))
		return nil
	})
}

// sendAttachment sends a file that the holder may see. It goes to disk: what somebody else sent is never shown in a page.
func (s *server) sendAttachment(w http.ResponseWriter, r *http.Request) error {
	return s.held(w, r, func(h held) error {
		file, body, err := s.Casework.Attachment(r.Context(), h.who, h.who.Case, h.sent.values.Get("file"))
		if err != nil {
			return err
		}
		save(w, "application/octet-stream", file.Name, body)
		return nil
	})
}

// save sends bytes to be kept, not shown: whatever the name or the bytes pretend to be.
func save(w http.ResponseWriter, ctype, name string, body []byte) {
	h := w.Header()
	disposition := mime.FormatMediaType("attachment", map[string]string{"filename": name}) // RFC 8187 where it must be
	if disposition == "" {
		disposition = "attachment"
	}
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	h.Set("Content-Disposition", disposition)
	h.Set("Content-Type", ctype)
	h.Set("Content-Length", strconv.Itoa(len(body)))
	_, _ = w.Write(body) // a reader who went away
}
