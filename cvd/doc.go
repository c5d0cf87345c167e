// Package cvd holds the words of coordinated vulnerability disclosure: what the rest of the program speaks in.
//
// Begin with Case and Event: a case is the fold of its events, and nothing else. View is what one actor may see of it.
// To add something that can happen, add its type beside its word, a field in What, and a line in happening.
// This package never reads a clock, a file, a network or a policy, and knows no project.
//
// # Glossary
//
// Words of the CERT Guide to CVD, ISO/IEC 29147 and 30111, FIRST, CERT/CC Vultron and CSAF; in brackets the words to avoid.
//
//   - actor: one person, or the program, asking within one project [user, principal]
//   - advisory: what the project publishes about a vulnerability; it has editions [bulletin, notice]
//   - case: one matter under coordination; it bundles reports [ticket, issue, incident]
//   - clause: the place in a policy document that says something: "clocks.response" [rule id]
//   - clock: a running promise with an anchor, an instant and a mark that meets it [SLA, timer]
//   - coordinated disclosure: telling the right people first [responsible disclosure]
//   - disclosure: publication of an advisory at one instant [release: that is software]
//   - edition: one text of an advisory, bound by its hash [version, revision]
//   - embargo: the agreement not to speak outside of the case until an exact instant [hold, freeze]
//   - event: one thing that happened to a case, kept for ever [log entry, activity]
//   - finder, reporter: who found it; who told us [researcher, submitter]
//   - ledger: the chain of all events of a project, provable to outsiders [audit log]
//   - mark: the first instant at which something was reached in a case: received, triaged, fix_ready [milestone, status]
//   - notice: a composed announcement to audiences by channels [mailing, broadcast]
//   - party: somebody else who takes part in a case [participant, stakeholder]
//   - policy: the project's document that says how its process runs [config, workflow]
//   - receipt: the signed proof that an event was recorded [confirmation]
//   - release line: a series of releases that gets fixes together [branch]
//   - report: what a reporter sent, unedited; a report is not a case [submission]
//   - step: something a person does to a case, under the policy [action, transition]
//   - track: how a case is handled by default: in public or in private [mode, workflow]
//   - triage: deciding severity, category, sensitivity and track [classification]
//   - view: what one actor may see of a case [DTO]
//   - waiver: a recorded leave to pass one clause, by two people [override, exception]
package cvd
