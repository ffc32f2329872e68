# What people and CI type. `make help` lists it.
#
# Everything is built with one profile (release), so that the dependencies are compiled once for the program and its tests.

CARGO ?= cargo
ROLLCALL = $(CARGO) run --release --locked --quiet --

.DEFAULT_GOAL := help
.PHONY: publish check test conformance torture bench bench-baseline bench-peers clean help

publish: build ## Read raw/ and write a release to output/ if anything changed
	$(ROLLCALL) publish

check: build ## Say what is wrong and what would be published; write nothing
	$(ROLLCALL) check

test: ## Run all tests (this is the test command)
	$(CARGO) test --release --locked --no-fail-fast

conformance: ## Let validators that others wrote judge a release; installs them the first time
	$(CARGO) test --release --locked --test conformance

torture: ## Kill a publishing run 1,000 times
	KILLS=1000 $(CARGO) test --release --locked --test torture

bench: ## Measure all stages beside other programs and the baseline
	$(CARGO) bench --locked --bench summary

bench-baseline: ## Measure them and write benches/baseline.json anew
	$(CARGO) bench --locked --bench summary -- --baseline

bench-peers: ## Install the other programs, below target/
	python3 -m venv target/bench/environment
	target/bench/environment/bin/python -m pip install --quiet -r benches/requirements.txt

clean: ## Remove what was built and what tests wrote; releases stay
	$(CARGO) clean

help: ## List these commands
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1	\2/p' $(MAKEFILE_LIST) | expand -t 18

.PHONY: build
build:
	$(CARGO) build --release --locked
