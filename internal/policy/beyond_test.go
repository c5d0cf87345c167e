package policy

import (
	"slices"
	"testing"

	"github.com/tipstaff/tipstaff/cvd"
)

const fix = `From 3f1c Mon Sep 17 00:00:00 2001
Subject: [PATCH] gossip: bound the queue

diff --git a/gossip/queue.go b/gossip/queue.go
--- a/gossip/queue.go
+++ b/gossip/queue.go
@@ -10,6 +10,8 @@ func (q *Queue) Push(m Message) {
-	q.items = append(q.items, m)
+	if len(q.items) < maxItems { // 16384
+		q.items = append(q.items, m)
+	}
`

// J-44: what an advisory tells beyond the patch is found by a program, whatever else a person signs.
func TestAnAdvisoryIsComparedWithItsPatch(t *testing.T) {
	p := sample(t)
	for name, x := range map[string]struct {
		text cvd.AdvisoryText
		want []string
	}{
		"what the patch shows":        {cvd.AdvisoryText{Summary: "The queue of gossip.Queue grew without bound in Push, see `q.items`; it holds 16384 now."}, nil},
		"its file and its message":    {cvd.AdvisoryText{Summary: "Fixed in queue.go: `gossip: bound the queue`."}, nil},
		"code over several lines":     {cvd.AdvisoryText{Summary: "```\nif len(q.items) < maxItems {\n\tq.items = append(q.items, m)\n}\n```"}, nil},
		"plain prose":                 {cvd.AdvisoryText{Title: "Nodes stop", Impact: "A node stops. Restart it; version 1.4.2 mends it (CVE-2026-12345).", Resolution: "Upgrade by 2026-03-09T14:00:00Z."}, nil},
		"another function":            {cvd.AdvisoryText{Summary: "One reaches it by handleInv."}, []string{"handleInv"}},
		"half a known name":           {cvd.AdvisoryText{Summary: "One reaches it by gossip.relayAll."}, []string{"gossip.relayAll"}},
		"a number":                    {cvd.AdvisoryText{Impact: "After 40000 messages it stops."}, []string{"40000"}},
		"a line to type":              {cvd.AdvisoryText{Mitigation: "Try it with `send --repeat 40k --to peer`."}, []string{"send --repeat 40k --to peer"}},
		"an address":                  {cvd.AdvisoryText{Summary: "See https://paste.example.net/run.sh."}, []string{"https://paste.example.net/run.sh"}},
		"bytes":                       {cvd.AdvisoryText{Summary: "A message of 0xdeadbeef is enough."}, []string{"0xdeadbeef"}},
		"letters of another alphabet": {cvd.AdvisoryText{Summary: "One reaches it by h\u0430ndleInv."}, []string{"handleInv"}},
	} {
		var got []string
		for _, f := range p.Beyond(x.text, []string{fix}) {
			got = append(got, f.Word)
		}
		if !slices.Equal(got, x.want) {
			t.Errorf("%s: found %q, want %q", name, got, x.want)
		}
	}
}
