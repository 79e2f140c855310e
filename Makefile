# Two commands are enough: `make demo` and `make test`. Each sets up what it needs.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: install assets try-assets demo web-demo openapi test test-core test-postgres soak check lint types contracts clean faults bench bench-fund bench-occasions fund-states

install: $(READY)

$(READY): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[web,dev]'
	$(BIN)/python -m compileall -q src
	touch $@

# Style sheet, scripts and outline of the web shell, from the npm packages that package-lock.json pins; free the second time.
assets:
	$(PYTHON) scripts/build_assets.py

try-assets:
	@$(PYTHON) scripts/build_assets.py || echo "Without front-end files: tests that need them or a browser are skipped and say so."

demo: $(READY) try-assets
	$(BIN)/reassure demo --out out/demo
	@echo "The web product, with somebody of each role and a plan of today: $(BIN)/reassure-web demo"

web-demo: $(READY) try-assets
	$(BIN)/reassure-web demo

test: $(READY) try-assets
	$(BIN)/python -m pytest -n auto

# Rules, files and command line alone: no Node, no browser.
test-core: $(READY)
	$(BIN)/python -m pytest -n auto --ignore=tests/web --ignore=tests/e2e --ignore=src/reassure_web

# The tests of the web shell on a PostgreSQL server of their own; as root on Debian it installs PostgreSQL if need be.
test-postgres: $(READY)
	$(BIN)/python scripts/postgres_cluster.py --install $(BIN)/python -m pytest -n auto tests/web

# Before a release, about three hours: check-ins under kill -9 and under load, on both databases; figures as JSON.
soak: $(READY)
	$(BIN)/python scripts/load_check_ins.py kill --kills 50 --writes 5000
	$(BIN)/python scripts/load_check_ins.py kill --kills 50 --writes 5000 --database postgresql --kill-database
	$(BIN)/python scripts/load_check_ins.py steady
	$(BIN)/python scripts/load_check_ins.py steady --database postgresql

# What the API says of itself, as docs/api/openapi.json.
openapi: $(READY)
	$(BIN)/python scripts/openapi.py

lint: $(READY)
	$(BIN)/ruff check
	$(BIN)/ruff format --check

types: $(READY)
	$(BIN)/mypy

contracts: $(READY)
	$(BIN)/lint-imports

check: lint types contracts test

clean:
	rm -rf $(VENV) out build

# Removes each guard and rule of the fund once; a test has to see it (some minutes).
faults: $(READY)
	$(BIN)/python scripts/fund_faults.py --write

# The fund's choice beside scipy's milp and the greedy, in processes of their own.
bench-fund: $(READY)
	$(BIN)/python scripts/fund_bench.py

# Occasions on the open register (REASSURE_DATA, else ../shared/data) beside the bars of seconds and memory.
bench-occasions: $(READY)
	$(BIN)/python scripts/occasions_bench.py

fund-states: $(READY)
	$(BIN)/python -c "from pathlib import Path; from reassure.fund.states import states_page; Path('docs/rooms/fund-states.md').write_text(states_page(), 'utf-8')"

# Every target of the planner, met or missed; BENCH is the folder of the tour problems, SAMPLE=0 takes all (docs/bench.md).
BENCH ?= ../shared/bench
SECONDS ?= 10
SAMPLE ?= 24
$(VENV)/.bench: $(READY)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[web,dev,bench]'
	touch $@

bench: $(VENV)/.bench
	$(BIN)/python scripts/bench_targets.py $(BENCH) --seconds $(SECONDS) --sample $(SAMPLE)
