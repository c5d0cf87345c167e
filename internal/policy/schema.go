package policy

import (
	"bytes"
	_ "embed" // for the schema
)

//go:embed schema.json
var schema []byte

// Schema is the JSON Schema (2020-12) of policy documents, for editors that complete and check them. What it cannot say,
// such as whether a mark is ever reached, Read does.
func Schema() []byte { return bytes.Clone(schema) }
