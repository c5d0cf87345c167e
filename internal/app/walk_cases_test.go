package app_test

// sealedJuno is a case with everything that waits for its publication: notices, editions, a bounty, a thread, the publication, armed, and a party
// in every state that a party comes to.
const sealedJuno = `
wait 1h
jake acknowledge {message: "%ANSWER%"}
jake validate {evidence: "%EVIDENCE%"}
jake triage {sensitive: true, impact: "%IMPACT%"}
jake prioritise {priority: at once, because: "%PRIORITY%"}
jake embargo {until: $now+20d, terms: "%TERMS%"}
jake invites gwen {name: "%GWEN%", roles: [chain]}
jake invites gone {name: "%GUEST%", roles: [chain], until: $now+2d}
jake invites pia {name: "%PIA%", kind: vendor}
jake invites lap {name: "%LAP%", kind: vendor}
jake invites leo {name: "%LEO%", kind: distributor}
jake invites rem {name: "%REM%", kind: downstream}
jake asks dora {name: "%DORA%", kind: vendor}
jake asks sil {name: "%SIL%", kind: vendor, answer_by: $now+4d}
dora answer {accept: false, because: "%DECLINE%"}
leo leave {keeps: true, says: "%LEAVE%"}
jake remove {party: "guest:6", because: "%LEAK%"}
rita propose {until: 2026-04-18T03:07:00Z, because: "%PROPOSAL%"}
jake reject {because: "%REFUSAL%"}
pia propose {until: $now+19d, because: "%WISH%"}
jake accept {}
gwen accept {}
gone accept {}
pia claim {fact: public, evidence: "%CLAIM%"}
jake dismiss {claim: 1, because: "%DISMISSAL%"}
jake thread {title: "%THREAD%", parties: ["guest:1"], reports: [1]}
gwen message {thread: 1, text: "%TALK%"}
jake nominate {name: "%NOMINEE%", kind: downstream, because: "%NOMINATION%"}
jake record_breach {report: 1, term: private, evidence: "%BREACH%"}
jake analyse {section: root_cause, text: "%CAUSE%"}
jake analyse {section: exploit, text: "%EXPLOIT%"}
jake note {text: "%NOTE%"}
rita message {text: "%MESSAGE%"}
jake remedy {product: juno, line: "28", status: patched, affected: ">= 28.0.0, < 28.2.0", patches: [{url: "https://git.example.org/%PATCH%/tree/%BRANCH%", sha256: "3e39912d018ce8a3961aee30e54a50d245ddf968c38fad539965a9c18638e17c", private: true}]}
jake remedy {product: juno, line: "27", status: patched, affected: ">= 27.0.0, < 27.4.1", patches: [{url: "https://git.example.org/%PATCH%/2", sha256: "04c1ffe06c75456e96c8fbeb34166bddc6f36c97f0d5f72c41b84f42a68b7e72", private: true}]}
jake remedy {product: juno, line: "26", status: not_affected, because: "%SCOPE%"}
alex review {of: fix, verdict: approve, says: "%REVIEW%"}
rosa notify {notice: coming, says: {release_at: $now+26h, line: "28, 27", action: "%NOTICE%", downtime: about ten minutes}}
rosa deliver {notice: coming, channel: x, url: "https://social.example.org/juno/1175"}
wait 25h
rosa release {product: juno, line: "28", version: 28.2.0, tag: v28.2.0, commit: 7d1c0ab94e2f, url: "https://releases.example.org/v28.2.0", sha256: "9efb93113d954aff1b0b174f9aa8554a9642c8c1f64c22560ebd4ff150d2f905"}
rosa release {product: juno, line: "27", version: 27.4.1, tag: v27.4.1, commit: 3b90ee5170ca, url: "https://releases.example.org/v27.4.1", sha256: "bf6beb643cdf80a8bbfc461c35fd22316d0b5979c7ac9c20e8a6c5eaf700949a"}
jake exempt {product: juno, line: "27", because: "%EXEMPT%"}
rosa notify {notice: available, says: {versions: "v28.2.0, v27.4.1", action: Swap the binary and restart.}}
rosa deliver {notice: available, channel: x, url: "https://social.example.org/juno/1179"}
cleo draft {text: {title: "%DRAFT%", summary: "%DRAFT%", impact: "%DRAFT%", resolution: "%DRAFT%", mitigation: "%DRAFT%", cve: CVE-2026-31337}}
cleo draft {text: {title: "%DRAFT% again", summary: "%DRAFT%", impact: "%DRAFT%", resolution: "%DRAFT%", mitigation: "%DRAFT%", cve: CVE-2026-31337}}
dimi approve {edition: 2}
cleo credit {name: "%CREDIT%", role: finder, consent: true, report: 1}
cleo disclose {due: $now+20d}
jake bounty_eligible {report: 1, eligible: true, because: "%ELIGIBLE%"}
jake bounty_propose {amount: "7319.42 JUNO", shares: ["1: 7319.42"], because: "%BOUNTY%"}
rita payout {address: "%PAYOUT%"}
`

// askedLate is who has the link of an invitation's letter in hand, and has not answered yet.
const askedLate = `
jake asks una {name: "%UNA%", kind: vendor, address: una@example.org}
`

// otherJuno is another case under embargo, with people of its own.
const otherJuno = `
dimi acknowledge {message: "%ANSWER%"}
dimi validate {evidence: "%EVIDENCE%"}
dimi triage {sensitive: true, impact: "%IMPACT%"}
dimi invites hugo {name: "%GUEST%", roles: [chain]}
dimi invites hans {name: "%HANS%", roles: [chain]}
dimi note {text: "%NOTE%"}
`

// erasedJuno ends erased.
const erasedJuno = `
jake acknowledge {message: "%ANSWER%"}
jake invalidate {reason: out_of_scope, evidence: "%EVIDENCE%"}
jake note {text: "%NOTE%"}
jake close {outcome: invalid}
wait 31d
jake erase {why: retention}
`

// sealedSolo is restricted in a project where most of the roster may read public cases only.
const sealedSolo = `
maintainer-1 acknowledge {message: "%ANSWER%"}
maintainer-1 invites vic {name: "%VIC%", roles: [validator]}
maintainer-1 invites exa {name: "%EXA%", roles: [expert]}
vic rate {vector: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", class: critical, says: "%RATING%"}
maintainer-1 triage {vector: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", sensitive: true, impact: "%IMPACT%"}
maintainer-1 validate {evidence: "%EVIDENCE%"}
maintainer-1 prioritise {priority: first, because: "%PRIORITY%"}
maintainer-1 embargo {until: $now+20d, terms: "%TERMS%"}
vic joins
exa joins
maintainer-1 analyse {section: root_cause, text: "%CAUSE%"}
maintainer-1 analyse {section: exploit, text: "%EXPLOIT%"}
maintainer-1 note {text: "%NOTE%"}
ron message {text: "%MESSAGE%"}
maintainer-1 draft {text: {title: "%DRAFT%", summary: "%DRAFT%", impact: "%DRAFT%", resolution: "%DRAFT%", mitigation: "%DRAFT%"}}
`

// openSolo is handled in the open.
const openSolo = `
maintainer-2 acknowledge {message: "%ANSWER%"}
maintainer-2 triage {vector: "CVSS:3.1/AV:N/AC:L/PR:L/UI:R/S:C/C:L/I:L/A:N", sensitive: false, track: public, impact: "%IMPACT%"}
maintainer-2 validate {evidence: "%EVIDENCE%"}
vera comment {text: "%COMMENT%"}
maintainer-2 analyse {section: exploit, text: "%EXPLOIT%"}
maintainer-2 note {text: "%NOTE%"}
tom message {text: "%MESSAGE%"}
`

// patchText is a fix as git format-patch writes it.
const patchText = `From 1111111111111111111111111111111111111111 Mon Sep 17 00:00:00 2001
From: Jake <jake@example.org>
Subject: [PATCH] %PATCHTEXT%

%PATCHTEXT%
---
diff --git a/x.go b/x.go
+%PATCHTEXT%
`
