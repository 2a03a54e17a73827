# Every target does its own set-up (.ci/setup); long output goes to files under target/.
.DEFAULT_GOAL := help
.PHONY: help test fmt e2e e2e-swarm demo bench fuzz sim soak plugin install dist clean

help: ## Show this list
	@sed -n 's/^\([a-z0-9-]*\):.*## \(.*\)/\1|\2/p' Makefile | awk -F'|' '{ printf "  make %-9s %s\n", $$1, $$2 }'

test: ## Build and run all checks and tests; the last line is the sum
	@.ci/test

fmt: ## Format the sources
	@JAVA_HOME=$$(.ci/setup) && export JAVA_HOME && mvn --batch-mode -q spotless:apply

e2e: ## Run the black-box tests against a real dockerd
	@.ci/hook test-harness/run

e2e-swarm: ## Run the black-box tests on three nodes that are one Docker Swarm
	@.ci/hook test-harness/run-swarm

demo: dist ## Show the whole job on this machine alone (needs root and /dev/fuse)
	@.ci/demo

bench: ## Measure side by side with C sshfs; results in target/bench/results.json
	@.ci/hook test-harness/bench

fuzz: ## Feed parsers and codecs with made-up input for two minutes; SEED=n repeats a run
	@.ci/hook test-harness/fuzz $(SEED)

sim: ## Run SEEDS=n random runs, as the model and through outages, from SEED=n on; a failure is shrunk
	@.ci/hook test-harness/sim "$(SEEDS)" "$(SEED)"

soak: ## Cut connections under programs that check their data for ten minutes; MINUTES=n, SEED=n
	@.ci/hook test-harness/soak

plugin: dist ## Build the Docker plugin
	@.ci/hook plugin/build

install: plugin ## Install and enable the plugin in this machine's Docker
	@.ci/hook plugin/install

dist: ## Build target/mooring/bin/mooring with its own Java runtime
	@.ci/dist

clean: ## Remove everything that was built
	@rm -rf target
