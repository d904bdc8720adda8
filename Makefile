.DEFAULT_GOAL := help
VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= python3
READY := $(VENV)/.ready

.PHONY: help setup demo test check format lint types layers spelling model examples notebooks clean

help:  ## Show this help
	@awk 'BEGIN {FS = ":.*## "} /^[a-z]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(READY): pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[dev]'
	@touch $(READY)

setup: $(READY)  ## Make the environment and install the project in it

demo: $(READY)  ## Score the sample contacts offline and write out/voc.html
	$(BIN)/vocmine demo --out out

test: $(READY)  ## Run every test, those that build the wheel and open the browser included
	$(BIN)/python -m pytest

check: format lint types layers spelling test  ## Everything that must hold before a change is merged

format: $(READY)  ## Check the format
	$(BIN)/ruff format --check .

lint: $(READY)  ## Check the style
	$(BIN)/ruff check .

types: $(READY)  ## Check the types
	$(BIN)/mypy

layers: $(READY)  ## Check that imports go downwards only
	$(BIN)/lint-imports

spelling: $(READY)  ## Check the spelling of code and documents
	$(BIN)/codespell

model: $(READY)  ## Rebuild the embedded model from its recipe (needs VOCMINE_DATA)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[recipes]'
	$(BIN)/python models/recipe/build.py
	$(BIN)/python models/recipe/build_signals.py

examples: $(READY)  ## Write the sample contacts again from their parts
	$(BIN)/python examples/generate.py

notebooks: $(READY)  ## Execute the notebooks and store their output
	$(BIN)/python notebooks/execute.py

clean:  ## Remove the environment and what was built
	rm -rf $(VENV) out dist build
