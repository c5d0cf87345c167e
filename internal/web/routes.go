package web

import "net/http"

// access says who may come to a route.
type access string

// Whoever holds a code sends it in the body of each request: there is no session, so there is nothing to steal or to fix.
const (
	everybody access = "everybody"
	holder    access = "who sends the return code of a report, or the code of an invitation, for that case alone"
)

// What a body may have, in bytes. A form without files holds a few texts of 64 KiB; one with files, ten of 10 MiB as well.
const (
	noBody   = 0
	someText = 1 << 20
	andFiles = someText + 10*(10<<20)
)

// route is one way in.
type route struct {
	pattern string
	who     access
	most    int64 // bytes of a body
	serve   func(*server, http.ResponseWriter, *http.Request) error
}

// routes is every page there is, with who may come: the review of access. Mount serves nothing that is not listed.
var routes = []route{
	{"GET /{$}", everybody, noBody, (*server).home},
	{"GET /static/{file}", everybody, noBody, (*server).static},

	{"GET /p/{project}", everybody, noBody, (*server).project},
	{"GET /p/{project}/{$}", everybody, noBody, (*server).project}, // published advisories link here
	{"GET /p/{project}/policy", everybody, noBody, (*server).policy},
	{"GET /p/{project}/SECURITY.md", everybody, noBody, (*server).securityMD},
	{"GET /p/{project}/security.txt", everybody, noBody, (*server).securityTxt},
	{"GET /p/{project}/.well-known/security.txt", everybody, noBody, (*server).securityTxt},
	{"GET /.well-known/security.txt", everybody, noBody, (*server).wellKnown},

	{"GET /p/{project}/ledger", everybody, noBody, (*server).ledger},
	{"GET /p/{project}/checkpoint", everybody, noBody, (*server).checkpoint},
	{"GET /p/{project}/tile/{tile...}", everybody, noBody, (*server).tile},

	{"GET /p/{project}/report", everybody, noBody, (*server).askReport},
	{"POST /p/{project}/report", everybody, andFiles, (*server).takeReport},

	{"GET /p/{project}/status", everybody, noBody, (*server).askCode},
	{"POST /p/{project}/status", holder, someText, (*server).showStatus},
	{"POST /p/{project}/status/message", holder, andFiles, (*server).takeMessage},
	{"POST /p/{project}/status/reopen", holder, andFiles, (*server).reopen},
	{"POST /p/{project}/status/receipt", holder, someText, (*server).sendReceipt},
	{"POST /p/{project}/status/attachment", holder, someText, (*server).sendAttachment},

	{"GET /p/{project}/cases", everybody, noBody, (*server).cases},
	{"GET /p/{project}/cases/{case}", everybody, noBody, (*server).publicCase},
}

// everythingElse is what no page answers for: the published documents, and all that is not there.
var everythingElse = route{"/", everybody, noBody, (*server).nothingHere}
