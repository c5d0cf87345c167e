package importer

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/tipstaff/tipstaff/cvd"
)

var chainRegistry = Source{
	Name:   "chain-registry",
	Title:  "Chains of the chain registry",
	Doc:    "A chain.json of github.com/cosmos/chain-registry, or a list of several of them. The version in use is that of the chain's own code.",
	Others: true,
	Read:   func(text []byte) ([]cvd.Imported, error) { return readChains(text, chain.own) },
}

var chainRegistryWasm = Source{
	Name:   "chain-registry-cosmwasm",
	Title:  "Chains of the chain registry, by their CosmWasm",
	Doc:    "The same file; the version in use is that of the CosmWasm module in the chain. Chains without it are left out.",
	Others: true,
	Read:   func(text []byte) ([]cvd.Imported, error) { return readChains(text, chain.wasm) },
}

// chain is what is read of one entry of the registry.
type chain struct {
	Name    string `json:"chain_name"`
	Pretty  string `json:"pretty_name"`
	Status  string `json:"status"`
	Network string `json:"network_type"`
	Prefix  string `json:"bech32_prefix"`
	Website string `json:"website"`
	Code    struct {
		Repo        string `json:"git_repo"`
		Recommended string `json:"recommended_version"`
		WasmVersion string `json:"cosmwasm_version"`
		Wasm        struct {
			Version string `json:"version"`
			Enabled *bool  `json:"enabled"`
		} `json:"cosmwasm"`
	} `json:"codebase"`
}

func (c chain) own() (string, bool) { return c.Code.Recommended, true }

func (c chain) wasm() (string, bool) {
	version := c.Code.Wasm.Version
	if version == "" {
		version = c.Code.WasmVersion
	}
	off := c.Code.Wasm.Enabled != nil && !*c.Code.Wasm.Enabled
	return version, version != "" && !off
}

func readChains(text []byte, version func(chain) (string, bool)) ([]cvd.Imported, error) {
	var chains []chain
	if bytes.HasPrefix(bytes.TrimSpace(text), []byte("{")) {
		chains = make([]chain, 1)
		if err := readJSON(text, &chains[0], "a chain.json"); err != nil {
			return nil, err
		}
	} else if err := readJSON(text, &chains, "a list of chain.json"); err != nil {
		return nil, err
	}
	var all []cvd.Imported
	for i, c := range chains {
		in, runs := version(c)
		if !runs {
			continue
		}
		d := cvd.Dependent{Name: c.Name, Version: in, Source: "chain registry", Repository: secure(c.Code.Repo), Website: secure(c.Website)}
		if c.Pretty != "" {
			d.Notes = fmt.Sprintf("%s, addresses begin with %s1", c.Pretty, c.Prefix)
		}
		e := cvd.Imported{Line: i + 1, Other: &d}
		switch {
		case c.Name == "":
			e.Wrong = "it has no chain_name"
		case c.Status == "killed":
			e.Wrong = "the chain has ended"
		}
		all = append(all, e)
	}
	return all, nil
}

// secure is an address at https://, or nothing: what the registry has besides is of no use here.
func secure(address string) string {
	address = strings.TrimSuffix(strings.TrimSuffix(strings.TrimSpace(address), "/"), ".git")
	if h := (cvd.Handle{Service: "web", Is: address}); h.Wrong() != "" {
		return ""
	}
	return address
}
