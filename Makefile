# Two commands: `make demo` bridges samples/, `make test` checks everything. Both set up what they need in .venv.

PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
OUT ?= out

.PHONY: demo test lint bench chromium clean

demo: .venv/base
	$(BIN)/newsbridge translate samples --output $(OUT)
	@echo
	$(BIN)/newsbridge brief samples/000_334f0a9f5df88d9b.txt
	@echo
	@echo "The pages, each with its record (.json) and a Markdown view (.md) beside it:"
	@ls $(OUT)/*.html

test: .venv/dev chromium lint
	$(BIN)/python -m pytest

lint: .venv/dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

bench: .venv/dev
	$(BIN)/python benchmarks/latency.py
	$(BIN)/python -m benchmarks.training
	$(BIN)/python benchmarks/linear.py
	$(BIN)/python benchmarks/quotes.py
	$(BIN)/python benchmarks/compiled.py
	$(BIN)/python benchmarks/ledger.py
	$(BIN)/python benchmarks/batch.py
	$(BIN)/python benchmarks/kills.py
	$(BIN)/python -m pytest -q -m cluster tests/test_cluster.py
	$(BIN)/python benchmarks/engines.py
	$(BIN)/python benchmarks/alignment.py
	$(BIN)/python benchmarks/mutations.py
	$(BIN)/python benchmarks/marks.py
	$(BIN)/python benchmarks/kept.py
	$(BIN)/python benchmarks/fidelity.py

# torch first and pinned: unpinned it would bring gigabytes of CUDA packages.
.venv/dev: .venv/base
	$(PIP) torch==2.13.0
	$(PIP) --editable '.[dev]'
	@touch $@

.venv/base: pyproject.toml
	$(PYTHON) -m venv .venv
	$(PIP) --editable .
	@touch $@

# The browser tests drive Debian's chromium; where it cannot be installed they are skipped by name.
chromium:
	@command -v chromium >/dev/null || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null \
	  && apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium >/dev/null; } \
	  || echo "chromium is not here and could not be installed: the browser tests will be skipped"

clean:
	rm -rf .venv $(OUT) build dist .pytest_cache .mypy_cache .ruff_cache
	find src -name '*.so' -delete
