# make run              the page, on the articles in seeds/
# make ask Q="..."      one answer in the terminal
# make test             everything that must hold; make check: lint and types alone
# make gate             that retrieval, evidence and quoted answers are no worse than pinned
# make bench DATA=...   the benchmarks, on a folder of evaluation data
#
# make PYTHON=/path/to/python3.12 ... chooses the interpreter for .venv (3.11 or newer).

PYTHON ?=
BIN := .venv/bin
APP := .venv/.installed
DEV := .venv/.installed-dev
EXAMPLES := ["為什麼哈薩克關閉駐俄貿易代表處?", "Why did Kazakhstan close its trade office in Russia?"]

.PHONY: install run ask test check gate chromium bench clean

install: $(DEV)

$(BIN)/python:
	@for python in $(or $(PYTHON),python3 python3.13 python3.12 python3.11); do \
	  if $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	    echo "Creating .venv with $$($$python --version)"; exec $$python -m venv .venv; \
	  fi; \
	done; \
	echo "newscite needs Python 3.11 or newer, and found none." >&2; \
	echo "Install one, or name it: make PYTHON=/path/to/python3.12 $(MAKECMDGOALS)" >&2; exit 1

$(APP): pyproject.toml | $(BIN)/python
	@echo "Installing newscite with its offline models: some minutes, about 3 GB of disk"
	@$(BIN)/python -m pip install --quiet --editable '.[offline]'
	@touch $@

$(DEV): pyproject.toml | $(BIN)/python
	@echo "Installing newscite with its offline models and all for its tests: some minutes, 4 GB"
	@$(BIN)/python -m pip install --quiet --editable '.[offline,servers,parquet,ocr,dev]'
	@touch $(APP) $@

run: $(APP)
	@$(BIN)/newscite add seeds/
	@if [ -z "$$CI" ] && [ "$$(uname)" = Darwin -o -n "$$DISPLAY$$WAYLAND_DISPLAY" ]; then \
	  browser=--browser; \
	fi; \
	NEWSCITE_PAGE__EXAMPLES='$(EXAMPLES)' exec $(BIN)/newscite serve $$browser

ask: export QUESTION = $(Q)
ask: $(APP)
	@[ -n "$$QUESTION" ] || { echo 'Type: make ask Q="your question"' >&2; exit 2; }
	@$(BIN)/newscite add seeds/ >/dev/null
	@$(BIN)/newscite ask "$$QUESTION" || [ $$? -eq 1 ]  # 1: the articles do not say

test: $(DEV) chromium check gate
	$(BIN)/pytest

check: $(DEV)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

gate: $(DEV)
	$(BIN)/python tests/gate.py $(FLAGS)

# The browser tests drive Chromium, and tests of PDFs read and draw Chinese of which the file has no font:
# both are installed where that needs no password, else asked for.
chromium:
	@missing=chromium; \
	for name in chromium chromium-browser google-chrome; do \
	  if command -v $$name >/dev/null; then missing=; fi; \
	done; \
	if command -v apt-get >/dev/null && [ -z "$$(fc-list :lang=zh 2>/dev/null)" ]; then \
	  missing="$$missing fonts-wqy-zenhei"; \
	fi; \
	[ -n "$$missing" ] || exit 0; \
	if ! command -v apt-get >/dev/null; then \
	  echo "The browser tests need Chromium. Type: $(BIN)/playwright install chromium"; \
	elif [ "$$(id -u)" = 0 ]; then apt-get update -qq && apt-get install -qq -y $$missing; \
	elif sudo -n true 2>/dev/null; then sudo apt-get update -qq && sudo apt-get install -qq -y $$missing; \
	else echo "The tests need more. Type: sudo apt-get install $$missing"; fi

bench: $(DEV)
	@[ -d "$(DATA)" ] || { echo "Type: make bench DATA=folder-of-evaluation-data" >&2; exit 2; }
	@for script in $(filter-out benchmarks/peers.py,$(wildcard benchmarks/*.py)); do echo "== $$script"; $(BIN)/python $$script "$(DATA)" || exit; done

clean:
	rm -rf .venv build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache
