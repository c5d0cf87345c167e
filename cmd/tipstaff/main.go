// Tipstaff runs coordinated vulnerability disclosure as a project's policy document says.
//
// Begin with commands below: each command is a file of its name. To add one, write its file with a struct that has a Run
// method, and give it a line there. What a command does to a case goes through the API of a running server; only what
// stands under "on this machine" opens the data directory.
// This package decides nothing, asks nothing when nobody can answer, and prints no text of others as it came to a terminal.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/app"
	"github.com/tipstaff/tipstaff/internal/policy"
)

// commands are all commands.
type commands struct {
	Init  initCommand  `cmd:"" group:"On this machine:" help:"Make a data directory with its keys and the first project; later: add a project."`
	Serve serveCommand `cmd:"" group:"On this machine:" help:"Run the server."`
	Demo  demoCommand  `cmd:"" group:"On this machine:" help:"Run a demonstration with two projects that is gone when it ends."`
	Token struct {
		Create tokenCreate `cmd:"" help:"Make a token for somebody on a roster."`
		List   tokenList   `cmd:"" help:"List the tokens of a project: whose they are, and until when."`
		Revoke tokenRevoke `cmd:"" help:"Make a token useless at once."`
	} `cmd:"" group:"On this machine:" help:"Tokens of people on a roster."`
	Backup  backupCommand  `cmd:"" group:"On this machine:" help:"Write everything to one file, sealed to the recovery key, while the server runs."`
	Restore restoreCommand `cmd:"" group:"On this machine:" help:"Make a new data directory out of a backup; nothing goes out until you let it."`
	Doctor  doctorCommand  `cmd:"" group:"On this machine:" help:"Look for what is wrong, or will be, and say the way out."`
	Held    struct {
		List    heldList    `cmd:"" help:"List the letters and publications that wait for a person."`
		Release heldRelease `cmd:"" help:"Let them go."`
		Drop    heldDrop    `cmd:"" help:"Decide that one never goes out."`
	} `cmd:"" group:"On this machine:" help:"What waits for a person before it goes out."`
	Ledger struct {
		Verify ledgerVerify `cmd:"" help:"Recompute the ledger from what is kept; name what was edited, removed or reordered."`
	} `cmd:"" group:"On this machine:" help:"The ledger of all events."`
	Key struct {
		Rotate keyRotate `cmd:"" help:"Seal every project's key to a new key of the installation."`
		Show   keyShow   `cmd:"" help:"Print the public key of a server's installation, to which cases are sealed that are handed over to it."`
	} `cmd:"" group:"On this machine:" help:"The key of the installation."`

	Ready  readyCommand `cmd:"" group:"At a server:" help:"Say whether a server is ready, for health checks."`
	Report struct {
		Submit reportSubmit `cmd:"" help:"Send a report."`
		Issue  reportIssue  `cmd:"" help:"Prepare the issue of something that goes to the project's public tracker; nothing is kept of it."`
	} `cmd:"" group:"At a server:" help:"Report a vulnerability."`
	Case     caseCommands `cmd:"" group:"At a server:" help:"Read cases and take steps on them."`
	User     userCommands `cmd:"" group:"At a server, or on this machine:" help:"People of a project."`
	Advisory struct {
		Export advisoryExport `cmd:"" help:"Write a published advisory in a format."`
	} `cmd:"" group:"At a server:" help:"Published advisories."`
	Audience   audienceCommands   `cmd:"" group:"At a server:" help:"Who is told: members of the audiences of the policy."`
	Downstream downstreamCommands `cmd:"" group:"At a server:" help:"Projects that run the product."`
	Metrics    metricsCommand     `cmd:"" group:"At a server:" help:"Print how cases are handled: times, volume, severity, promises kept."`

	Policy struct {
		Lint   policyLint   `cmd:"" help:"Say what keeps a document from being a policy, and where it breaks its own promises."`
		Schema policySchema `cmd:"" help:"Print the JSON Schema of policy documents."`
		Put    policyPut    `cmd:"" help:"Put a new version of a project's policy in force, in the data directory on this machine."`
		Render policyRender `cmd:"" help:"Write a policy in words: SECURITY.md, security.txt, the whole process, issue templates and more."`
		Import policyImport `cmd:"" help:"Draft a policy from what a project has published about its process."`
		Repair policyRepair `cmd:"" help:"Mend characters of a text that are damaged: UTF-8 read in another encoding."`
		Drift  policyDrift  `cmd:"" help:"Say where published copies differ from what a policy says."`
		Diff   policyDiff   `cmd:"" help:"Say how the meaning of a policy changed: between two files, or two versions at a server."`

		History   policyHistory   `cmd:"" help:"List the versions of a project's policy: who put each in force, when and why."`
		Propose   policyPropose   `cmd:"" help:"Propose a document as the policy, for others to look at."`
		Proposals policyProposals `cmd:"" help:"List the proposals, or show one."`
		Judge     policyJudge     `cmd:"" help:"Approve a proposal, object to it or comment on it."`
		Accept    policyAccept    `cmd:"" help:"Put a proposed policy in force."`
		Reject    policyReject    `cmd:"" help:"End a proposal with a reason."`
		Withdraw  policyWithdraw  `cmd:"" help:"Take a proposal of yours back."`
		Adopt     policyAdopt     `cmd:"" help:"Move open cases to the version in force."`

		Map      policyMap      `cmd:"" help:"Say which standards and laws speak about the clauses of a policy: ISO/IEC 29147 and 30111, FIRST, the CRA."`
		Simulate policySimulate `cmd:"" help:"Say what would happen to a report, and when: each step, deadline, notice and publication."`
	} `cmd:"" group:"With files alone:" help:"Policy documents."`
	Receipt struct {
		Verify receiptVerify `cmd:"" help:"Say what a receipt proves, offline."`
	} `cmd:"" group:"With files alone:" help:"Receipts of reports."`
	Notice struct {
		Verify   noticeVerify   `cmd:"" help:"Say whether a notice is genuine: from its text and the project's published keys alone."`
		Fanout   noticeFanOut   `cmd:"" help:"At a server: list whom each notice of a case reached, letter by letter."`
		Trace    noticeTrace    `cmd:"" help:"At a server: say whose copy of a notice a leaked text is, by its mark."`
		RenewKey noticeKeyRenew `cmd:"" help:"On this machine: sign the notices of a project with a new key from now on."`
	} `cmd:"" group:"With files alone:" help:"Signed notices."`
	CVSS    cvssCommand    `cmd:"" name:"cvss" group:"With files alone:" help:"Score CVSS vectors."`
	Version versionCommand `cmd:"" group:"With files alone:" help:"Print the version."`
}

// desk is where a command reads and writes.
type desk struct {
	in       io.Reader
	out, err io.Writer
}

// The exit statuses.
const (
	done        = 0 // it was done
	no          = 1 // the answer is no: refused, not found, not valid
	wrongUse    = 2 // the command line is wrong
	unreachable = 3 // what it needs could not be reached: a server, a file, the database
)

// exit is an error with its status; without a cause, whatever there was to say has been said.
type exit struct {
	status int
	cause  error
}

func (e exit) Error() string {
	if e.cause == nil {
		return ""
	}
	return e.cause.Error()
}

// errNo ends a command whose answer was no and has been printed.
var errNo = exit{status: no}

// usage is an error of whoever wrote the command line.
func usage(format string, args ...any) error { return exit{wrongUse, fmt.Errorf(format, args...)} }

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	status := run(ctx, os.Args[1:], &desk{in: os.Stdin, out: os.Stdout, err: os.Stderr})
	stop()
	os.Exit(status)
}

// run does what the command line says and returns the exit status.
func run(ctx context.Context, args []string, d *desk) int {
	var all commands
	all.Case.Plugins = kong.Plugins{stepCommands()}
	helped := -1
	parser, err := kong.New(&all, kong.Name("tipstaff"), kong.Description("Coordinated vulnerability disclosure as your policy says."),
		kong.Writers(d.out, d.err), kong.Exit(func(status int) { helped = status }), kong.Resolvers(&settingsFile{}),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, NoExpandSubcommands: true}), kong.UsageOnError(),
		kong.BindTo(ctx, (*context.Context)(nil)), kong.Bind(d), kong.Vars{"forms": formNames()})
	if err != nil {
		panic(err) // the grammar is wrong, whatever was typed
	}
	line, err := parser.Parse(spelled(args))
	if helped >= 0 { // kong printed the help and would have exited
		return helped
	}
	if err == nil {
		err = line.Run()
	} else {
		err = exit{wrongUse, err}
	}
	if err != nil && err.Error() != "" {
		fmt.Fprintf(d.err, "tipstaff: %s\n", plain(err.Error()))
	}
	return statusOf(err)
}

// statusOf is the exit status that an error means.
func statusOf(err error) int {
	if e, ok := errors.AsType[exit](err); ok {
		return e.status
	}
	if _, ok := errors.AsType[policy.Problems](err); ok {
		return no
	}
	if errors.Is(err, app.ErrSettings) {
		return wrongUse
	}
	switch kind := cvd.KindOf(err); {
	case err == nil:
		return done
	case kind == "" || kind == cvd.Unavailable || kind == cvd.TooMany:
		return unreachable
	}
	return no
}
