# Everything is built without cgo and with the same flags, so that the tests and the program share what the compiler did.
export CGO_ENABLED := 0
export GOFLAGS := $(strip $(shell go env GOFLAGS) -trimpath)

BIN := .tools/bin
GO_TOOLS := $(BIN)/.built-by-$(shell go env GOVERSION)
JS_TOOLS := tools/js/node_modules/.package-lock.json

.PHONY: help build demo test lint tools bench clean

help: ## print this list
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 8

build: ## build bin/tipstaff: one static binary
	go build -ldflags '-s -w' -o bin/tipstaff ./cmd/tipstaff

demo: build ## run two projects with their cases in a folder that is thrown away
	bin/tipstaff demo

test: tools lint ## install what the tests need, then check everything; green may be merged
	TIPSTAFF_REQUIRE=all go test -timeout 80m ./...

lint: $(GO_TOOLS) ## gofmt, go vet and staticcheck
	@unformatted=$$(find . \( -name node_modules -o -name .tools \) -prune -o -name '*.go' -print | xargs gofmt -l) && \
		if [ -n "$$unformatted" ]; then echo "run gofmt -w on:" $$unformatted; exit 1; fi
	go vet ./...
	$(BIN)/staticcheck ./...

tools: machine $(GO_TOOLS) $(JS_TOOLS) ## install what the tests need: Debian packages, Go programs, npm packages

.PHONY: machine
machine:
	@tools/install

$(GO_TOOLS): tools/go.mod tools/go.sum
	GOBIN=$(CURDIR)/$(BIN) go -C tools install tool
	@rm -f $(BIN)/.built-by-* && touch $@

$(JS_TOOLS): tools/js/package.json tools/js/package-lock.json | machine
	npm ci --prefix tools/js --ignore-scripts --no-audit --no-fund
	@touch $@

bench: build ## compare the speed of the program with the plain reference server
	bench/run.sh

clean: ## remove what was built
	rm -rf bin .tools tools/js/node_modules
