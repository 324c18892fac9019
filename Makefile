# Every target works on a fresh machine with Go, git and make; `race` also needs
# a C compiler. Tools are built from source, pinned here, into build/tools.

TOOLS         := $(CURDIR)/build/tools
GOLANGCI_LINT := $(TOOLS)/v2.10.1/golangci-lint
BUF           := $(TOOLS)/v1.75.0/buf
PROTOC_GEN_GO := $(TOOLS)/v1.36.11/protoc-gen-go

FUZZTIME ?= 30s

.PHONY: trace-10k build test lint proto bench bench-store bench-crypto bench-app bench-light demo fuzz race network seals web web-check web-modules test-web bench-web web-verifier test-verifier fuzz-verifiers

build:
	go build ./...
	if [ -d cmd ]; then mkdir -p build && go build -o build/ ./cmd/...; fi

# With node also the second verifier: its own tests, and mutants that it and this
# one judge (web/verifier/difftest, which skips without it).
test: test-verifier
	go test ./...
	cd bench && go vet ./... && go test ./...

# The race detector, on what has goroutines. Of the tests of the engine, and of
# app/apptest, those in which several work at once: all of them take ten minutes
# under the detector.
CONCURRENT := Readers|MemoryBound|ExportWhile|Pin|Views|Newest|Concurrent|SweepWith
race:
	CGO_ENABLED=1 go test -race -short -run '$(CONCURRENT)' ./store/engine/...
	CGO_ENABLED=1 go test -race -short ./crypto/... ./store ./x/tx ./app ./client/... ./evidence ./trace ./light
	CGO_ENABLED=1 go test -race -short -run 'OneRoot|CrashEverywhere|NothingDue' ./app/apptest
	CGO_ENABLED=1 go test -race -short ./cli -run TestTwoCaptures
	CGO_ENABLED=1 go test -race -short -skip LyingNode ./node ./node/api ./node/metrics ./node/seal ./node/txindex

# Five processes on this machine, to which things happen, for about a minute.
network: build
	rm -rf build/network && build/hallmarkd testnet run testnet/manifests/ci.toml --dir build/network

# Products with twenty events each, filed, verified and shown against a real node; one
# altered, dropped, reordered or inserted event is found and named. Six minutes.
TRACES ?= 10000
trace-10k:
	HALLMARK_TEST_TRACE=$(TRACES) go test ./cli -run '^TestTraceMany$$' -count 1 -v -timeout 60m

# Four processes whose seal keys fall ill and rotate, one of which is down for
# HEIGHTS blocks. About a minute; with HEIGHTS=1000 about six.
HEIGHTS ?= 66
seals:
	HALLMARK_TEST_SEALS=$(HEIGHTS) go test ./testnet -run '^TestSeals$$' -count 1 -v -timeout 30m

# The pages that nodes serve, from web/page and web/verifier. What comes out is
# committed, so that `go build` needs no node. web-check fails if it is not what
# the source gives.
web: web-modules
	cd web/page && npm run --silent types && node build.mjs ../dist

web-check: web-modules
	cd web/page && npm run --silent types && node build.mjs ../../build/web
	diff -r web/dist build/web

web-modules: web/verifier/node_modules/.package-lock.json web/page/node_modules/.package-lock.json
	cd web/verifier && node tools/tables.mjs

web/%/node_modules/.package-lock.json: web/%/package-lock.json
	cd web/$* && npm ci --ignore-scripts && touch node_modules/.package-lock.json

# Needs Chromium and its fonts: Debian's chromium, fonts-noto-cjk.
test-web: web-modules
	HALLMARK_TEST_WEB=1 go test ./web ./web/browser_test -count 1 -timeout 15m

# The second verifier, in TypeScript, alone: web/verifier/dist.
web-verifier: web/verifier/node_modules/.package-lock.json
	cd web/verifier && npm run --silent build

test-verifier:
	@if command -v npm >/dev/null && command -v node >/dev/null; then \
		$(MAKE) --no-print-directory web-verifier && cd web/verifier && npm test --silent; \
	else \
		echo "node or npm is not there: the tests of web/verifier are skipped"; \
	fi

# N mutants of bundles, cards and claims, on which both verifiers must agree whole.
# TRACES percent of them are about traces. Take SEED from a run that found something to
# see it again.
N ?= 100000
SEED ?= 0
TRACES ?= 25
fuzz-verifiers: web-verifier
	go test ./web/verifier/difftest -run '^(TestDifferential|TestProductURIs)$$' -count 1 -v -timeout 0 -mutants $(N) -seed $(SEED) -traces $(TRACES)

# Every fuzz target, FUZZTIME each.
fuzz:
	scripts/fuzz.sh $(FUZZTIME)

lint: $(GOLANGCI_LINT)
	$(GOLANGCI_LINT) run ./...
	cd bench && $(GOLANGCI_LINT) run --config ../.golangci.yml ./...

# Generated code is committed; this brings it up to date.
proto: $(BUF) $(PROTOC_GEN_GO)
	cd proto && $(BUF) lint && PATH="$(dir $(PROTOC_GEN_GO)):$$PATH" $(BUF) generate

bench: bench-store bench-crypto bench-app bench-light

# About ten minutes. A short run shows only that it works: make bench BENCH=-quick
bench-store:
	cd bench && go build -o ../build/bench-store ./store && ../build/bench-store $(BENCH)

bench-crypto:
	cd bench && go build -o ../build/bench-crypto ./crypto && ../build/bench-crypto $(BENCH)

# Some minutes, most of them to make a million certificates.
bench-app:
	cd bench && go build -o ../build/bench-app ./app && ../build/bench-app $(BENCH)

# Two minutes, most of it to write states of a million keys. The whole run also
# measures in the browser, where there is one.
bench-light:
	cd bench && go build -o ../build/bench-light ./light && ../build/bench-light $(BENCH)
	@if [ -n "$(BENCH)" ]; then :; \
	elif command -v chromium >/dev/null && command -v npm >/dev/null; then $(MAKE) --no-print-directory bench-web; \
	else echo "chromium or npm is not there: nothing is measured in a browser"; fi

# Half a minute: the verifier of the pages, in Chromium.
bench-web: web-modules
	cd bench && go build -o ../build/bench-light ./light && ../build/bench-light -keys 1000000 -samples ../build/web-samples.json
	node web/page/test/bench.mjs build/web-samples.json

# Four validators on this machine; runs until Ctrl-C.
demo:
	go build -o build/hallmarkd ./cmd/hallmarkd && build/hallmarkd demo

# Each tool lies in a folder named by its version, so that a new version is a
# file that is not there yet.
$(GOLANGCI_LINT):
	GOBIN=$(@D) go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(notdir $(@D))

$(BUF):
	GOBIN=$(@D) go install github.com/bufbuild/buf/cmd/buf@$(notdir $(@D))

$(PROTOC_GEN_GO):
	GOBIN=$(@D) go install google.golang.org/protobuf/cmd/protoc-gen-go@$(notdir $(@D))
