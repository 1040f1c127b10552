# One way to do each thing. CI calls the same targets.
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && echo $$p && break; done)
VENV := .venv
BIN := $(VENV)/bin
EXAMPLES := examples/hannover-fair-2026.xlsx examples/Connections.csv examples/google-contacts.csv \
	examples/apify-leads-finder.json examples/phone-book.vcf

.PHONY: chaos run test check bench bench-import bench-resolve bench-size bench-search bench-concurrent bench-enrich bench-one-row bench-web docs clean

run: $(VENV)/.installed ## Set everything up and do the main job on the sample files
	@mkdir -p run
	@$(BIN)/leadloom --db sqlite:///run/leadloom.db process $(EXAMPLES) \
		--template trade-show --out run/drafts.csv; status=$$?; test $$status -le 1
	@echo
	@echo "Look at it: $(BIN)/leadloom --db sqlite:///run/leadloom.db serve"
	@echo "opens at http://127.0.0.1:8520"

test: $(VENV)/.installed-dev check ## Every check and every test, PostgreSQL included
	PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n auto --dist loadfile # hundreds of processes start in it

check: $(VENV)/.installed-dev ## Format, lint, types, import direction
	$(BIN)/ruff format --check src tests benchmarks
	$(BIN)/ruff check src tests benchmarks
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/.installed-dev ## Imports of 100,000 and 1,000,000 leads beside two floors
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[bench]'
	$(BIN)/python benchmarks/bench_import.py

bench-import: $(VENV)/.installed-dev ## The same of 100,000, on every database
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[bench]'
	for on in sqlite postgresql mariadb; do $(BIN)/python benchmarks/bench_import.py 100000 --on $$on || exit; done

bench-resolve: $(VENV)/.installed-dev ## Matching beside Splink: FEBRL, 100,000 people, 50,000 companies
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[bench]'
	$(BIN)/python benchmarks/bench_resolve.py

bench-search: $(VENV)/.installed-dev ## Search among 100,000 and 1,000,000 leads, beside FTS5
	$(BIN)/python benchmarks/bench_search.py 100000 1000000

bench-size: $(VENV)/.installed ## The room that 100,000 leads take, part by part
	$(BIN)/python benchmarks/bench_size.py

bench-concurrent: $(VENV)/.installed ## Pages and one-row writes while an import runs
	$(BIN)/python benchmarks/bench_concurrent.py

bench-one-row: $(VENV)/.installed ## One new row beside 100,000 and 1,000,000, beside a bare INSERT
	$(BIN)/python benchmarks/bench_one_row.py 100000
	$(BIN)/python benchmarks/bench_one_row.py 1000000

bench-web: $(VENV)/.installed ## The web app over 1,000,000 leads, beside a bare page and bare SQL
	$(BIN)/python benchmarks/bench_web.py

bench-enrich: $(VENV)/.installed-dev ## Enrichment by a provider that takes 20 ms, beside bare asyncio
	$(BIN)/python benchmarks/bench_enrich.py

chaos: $(VENV)/.installed-dev ## Workers killed at random for a minute: the books of enrichment hold
	LEADLOOM_CHAOS_S=$${LEADLOOM_CHAOS_S:-60} $(BIN)/python -m pytest tests/enrich/test_chaos.py

docs: $(VENV)/.installed-dev ## Run every command that the docs show
	$(BIN)/python -m pytest tests/docs

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "Leadloom needs Python 3.11 or newer: install it first." >&2; exit 3; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: $(VENV)/bin/python pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check \
		--constraint constraints.txt --editable .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/bin/python pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check \
		--constraint constraints.txt --editable '.[dev]'
	@touch $@ $(VENV)/.installed

clean:
	rm -rf $(VENV) run build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
