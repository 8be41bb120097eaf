# make demo   set up a virtual environment and validate an example that has faults
# make test   set up a virtual environment and run every check: tests, types, style, layers, compiled files
# make compile   format the Turtle and compile shapes, context, schema, index and plan afresh
# make fuzz   look for inputs that break the readers, SECONDS seconds for each of them (20)
# make bench  compare speed side by side with other validators
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

SECONDS ?= 20

.PHONY: demo test compile fuzz bench clean

$(VENV)/installed: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	touch $@

$(VENV)/installed-dev: $(VENV)/installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	touch $@

# Exit code 1 says "there are findings", which is what the demonstration is to show.
demo: $(VENV)/installed
	$(BIN)/bicentennial validate examples/submissions/faulty.csv || test $$? -eq 1

test: $(VENV)/installed-dev
	$(BIN)/python -m pytest

compile: $(VENV)/installed-dev
	$(BIN)/python scripts/compile.py

# Guided by coverage where atheris can be installed, at random elsewhere.
fuzz: $(VENV)/installed-dev
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[fuzz]' || echo "without atheris"
	$(BIN)/python -m fuzz --seconds $(SECONDS)

bench: $(VENV)/installed-dev
	$(BIN)/python -m benchmarks

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
