// Package policies is a gallery of policy documents: real processes of real projects, each as a document that runs.
//
// Begin with juno.yaml, which is short, then solo-miner-monitor.yaml, which says nearly everything that can be said.
// To add a policy, put ID.yaml here; its scenario test beside it walks a case through it on dates typed by hand.
// This package never reads a document: it only holds their text.
package policies

import "embed"

// Files are the documents, each under the project's id: "juno.yaml".
//
//go:embed *.yaml
var Files embed.FS
