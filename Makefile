# make test runs every test there is; all others are parts of it, or tools.

GO       ?= go
LINT      = $(GO) run github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
NFPM      = $(GO) run github.com/goreleaser/nfpm/v2/cmd/nfpm@v2.45.1
VERSION  ?= $(shell packaging/version)
LDFLAGS   = -s -w -X flasktui/ui/cli.version=$(VERSION:v%=%)
ARCHES    = amd64 arm64
# When the commit was made: archives and packages have no later time in them, so that whoever
# builds the same commit gets the same bytes.
export SOURCE_DATE_EPOCH ?= $(shell git log -1 --format=%ct 2>/dev/null || echo 0)

RELEASED  = -trimpath -ldflags '$(LDFLAGS)'

# A checkout may belong to another user than the one who builds it; git then refuses to
# tell its version, which is no reason not to build. HTTP/2 is left out of Go's client, which
# a site is asked with and which speaks HTTP/1.1 alone there (see net/http, Transport, of its
# ForceAttemptHTTP2): a third of a MiB that nothing enters. What is tested is built the same.
export GOFLAGS += -buildvcs=false -tags=nethttpomithttp2

.PHONY: build test tools lint unit race fuzz lab-test lab matrix record bench mutants golden licenses dist dist-twice clean

build: ## the program, static and stripped
	CGO_ENABLED=0 $(GO) build $(RELEASED) -o flasktui .

test: lint race fuzz lab-test ## everything: linters, unit tests and golden screens, fuzzing, the lab

lint:
	$(LINT) run ./...

# The race detector needs a C compiler, and the tests ask the real git and Python, all of
# which a fresh machine may not have. Nothing is skipped for want of them.
tools:
	@for tool in gcc:'gcc libc6-dev' git:git python3:'python3 python3-venv'; do \
		command -v $${tool%%:*} > /dev/null || { apt-get -qq update && apt-get -qq install -y --no-install-recommends $${tool#*:}; } || exit 1; \
	done

# -short leaves the lab's boxes out; lab-test boots them.
unit: tools ## what to run while you work: under a minute
	$(GO) test -short ./...

race: tools ## the same with the race detector, which takes several times as long
	$(GO) test -race -short ./...
	$(GO) test ./steps # what always holds, of all boxes and not of one of each kind

# Each fuzz target for FUZZTIME, one after the other: a minute and a half in all. What it
# finds it leaves in testdata/fuzz, which is kept and runs with the unit tests from then on.
# The fuzzer at times takes the end of its own time for a failure of the target: one without
# a failing input is tried once more.
FUZZTIME ?= 2s
fuzz:
	@set -e; grep -rl --include='*_test.go' '^func Fuzz' . | while read -r file; do \
		for target in $$(sed -n 's/^func \(Fuzz[A-Za-z0-9]*\)(.*/\1/p' "$$file"); do \
			run="$(GO) test -run ^$$ -fuzz ^$$target\$$ -fuzztime $(FUZZTIME) $$(dirname "$$file")"; \
			said=$$($$run 2>&1) || case "$$said" in \
				*"Failing input"*) echo "$$said"; exit 1;; \
				*"context deadline exceeded"*) said=$$($$run 2>&1) || { echo "$$said"; exit 1; };; \
				*) echo "$$said"; exit 1;; \
			esac; \
			echo "$$target: $$(echo "$$said" | grep -o 'execs: [0-9]*' | tail -n 1)"; \
		done; \
	done

# Real Debian boxes with systemd, Nginx, Gunicorn and Docker. Needs root. By itself it runs
# every row; where each commit waits for it (CI is set), those of the commit's turn, and all
# that is no row of a table.
LAB_TURNS ?= $(if $(CI),3,1)
export LAB_TURNS
export LAB_SEED ?= $(shell git rev-parse HEAD 2>/dev/null)
# Of the truth matrix a smaller part does: its rows are many, and resemble each other.
MATRIX_TURNS ?= $(if $(CI),8,1)
export MATRIX_TURNS
lab-test: # one room after the other, as each has as many boxes at once as the machine can bear
	$(GO) test ./lab/... -p 1 -count=1 -timeout 60m -v

matrix: ## what flasktui says beside what is true, all rows; ONLY=REGEXP for some; SHRINK=1 takes from lab/matrix/known.txt what holds
	$(GO) test ./lab/matrix -count=1 -timeout 60m -v -run TestMatrix $(if $(ONLY),-only '$(ONLY)') $(if $(SHRINK),-shrink)

lab: ## one broken box with a person in it: make lab FAULT=link-not-switched
	$(GO) run ./lab/boot $(FAULT)

record: ## keep the facts of every box of the lab anew, in steps/testdata/boxes; BOXES=PATTERN for some
	$(GO) test ./lab/ -run '$(if $(BOXES),^Test(Faults|Containers|Healthy)$$/$(BOXES),^Test(Faults|Containers|Healthy|Big)$$)' -record -count=1 -timeout 40m -v

bench:
	$(GO) run ./lab/bench

mutants: ## how many of N conditions of steps, negated and left out, the unit tests catch; SEED draws others, ROOM=steps/walk in one room
	$(GO) run ./lab/mutants -n $(or $(N),100) -seed $(or $(SEED),1) $(if $(ROOM),-packages ./$(ROOM)/...)

golden: ## accept what the golden tests draw now; look at the difference before you commit
	$(GO) test ./ui/... -update

licenses: ## write the licences of what is linked in anew
	$(GO) test ./ui/licenses -update

# Of a commit always the same bytes. macOS has the practice box alone.
DIST    = dist
SYSTEMS = linux darwin
RELEASE = $(VERSION:v%=%)
PACK    = tar --sort=name --mtime=@$(SOURCE_DATE_EPOCH) --owner=0 --group=0 --numeric-owner --mode=u+rw,go+r,go-w
dist: ## archives, packages and lists of what is in them for a release, in dist/
	rm -rf $(DIST) && mkdir -p $(DIST)/completions
	for system in $(SYSTEMS); do for arch in $(ARCHES); do \
		CGO_ENABLED=0 GOOS=$$system GOARCH=$$arch $(GO) build $(RELEASED) -o $(DIST)/$$system-$$arch/flasktui . || exit 1; \
		cp -r LICENSE README.md CHANGELOG.md SECURITY.md packaging/flasktui.1 packaging/examples deploy $(DIST)/$$system-$$arch/ && cp ui/licenses/LICENSES.txt $(DIST)/$$system-$$arch/ || exit 1; \
		$(GO) run ./packaging/sbom $(RELEASE) $(DIST)/$$system-$$arch/flasktui > $(DIST)/$$system-$$arch/sbom.cdx.json || exit 1; \
		$(PACK) -C $(DIST)/$$system-$$arch -cf - . | gzip -9n > $(DIST)/flasktui_$(RELEASE)_$${system}_$$arch.tar.gz || exit 1; \
		cp $(DIST)/$$system-$$arch/sbom.cdx.json $(DIST)/flasktui_$(RELEASE)_$${system}_$$arch.cdx.json || exit 1; \
	done; done
	$(GO) build $(RELEASED) -o $(DIST)/native .
	$(DIST)/native completion bash > $(DIST)/completions/flasktui
	$(DIST)/native completion zsh > $(DIST)/completions/_flasktui
	$(DIST)/native completion fish > $(DIST)/completions/flasktui.fish
	rm $(DIST)/native
	gzip -9nc packaging/flasktui.1 > $(DIST)/flasktui.1.gz
	RELEASE=$(RELEASE) packaging/debian-changelog | gzip -9n > $(DIST)/changelog.gz
	find $(DIST) -exec touch --no-dereference --date=@$(SOURCE_DATE_EPOCH) {} +
	for arch in $(ARCHES); do for format in deb rpm; do \
		DIST=$(DIST) ARCH=$$arch VERSION=$(RELEASE) $(NFPM) package -f packaging/nfpm.yaml -p $$format -t $(DIST)/ || exit 1; \
	done; done
	cd $(DIST) && sha256sum *.tar.gz *.deb *.rpm *.cdx.json > SHA256SUMS
	$(if $(SIGN_KEY),gpg --batch --local-user $(SIGN_KEY) --armor --detach-sign $(DIST)/SHA256SUMS)

# Two builds of the commit, each in a checkout of its own at a place of its own, with nothing of
# the other's cache.
dist-twice: ## show that whoever builds this commit gets the same bytes
	set -e; for place in $$(mktemp -d) $$(mktemp -d); do \
		git clone -q . $$place/flasktui && GOCACHE=$$place/cache $(MAKE) -C $$place/flasktui dist VERSION=$(VERSION) > /dev/null; \
		[ -z "$$first" ] && first=$$place || diff -r $$first/flasktui/dist $$place/flasktui/dist; \
	done; cat $$place/flasktui/dist/SHA256SUMS; rm -rf $$first $$place

clean:
	rm -rf flasktui dist
