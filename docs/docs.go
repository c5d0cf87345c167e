// Package docs holds those of the documents beside it that the program itself shows.
//
// Begin with two-processes.md, which is also the page /processes of the demonstration. To add a document, embed it here and hand
// it to the page that shows it. The package only holds texts: it reads nothing, and knows nothing of what they say.
package docs

import _ "embed" // for the documents

// TwoProcesses is every promise of the two written processes, with what keeps it.
//
//go:embed two-processes.md
var TwoProcesses string
