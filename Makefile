# make demo   set up a virtual environment and validate an example that has faults
# make demo-es   the same in Spanish / lo mismo en español
# make test   set up a virtual environment and run every check: tests, types, style, layers, compiled files
# make docs   build the documentation site, in both languages, into build/site/index.html
# make serve  set up a virtual environment and open the service with the registry of an example year (PORT, 8000)
# make compile   format the Turtle and compile shapes, context, schema, index and plan afresh
# make fuzz   look for inputs that break the readers, SECONDS seconds for each of them (20)
# make bench  compare speed side by side with other validators, as far as they can be installed here (at most 40 minutes);
#             ARGS='--actions 1000 --universities 1 --markdown table.md' for less of it, and for a file
# make profile   show where the time goes; ARGS='--rows 10000' for another size
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# The validators to compare with, apart from what the project needs.
PEERS := .venv-bench

SECONDS ?= 20
PORT ?= 8000
EXAMPLE := build/example.sqlite

.PHONY: demo demo-es serve test docs compile fuzz bench profile clean

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

demo-es: $(VENV)/installed
	$(BIN)/bicentennial validate examples/submissions/defectuosa.csv --lang es || test $$? -eq 1

$(VENV)/installed-serve: $(VENV)/installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[serve]'
	touch $@

# The registry is made once and then kept, with whatever was sent to it; `make clean` removes it.
$(EXAMPLE): | $(VENV)/installed-serve
	mkdir -p $(@D)
	$(BIN)/python examples/registry/play.py $@ || { rm -f $@*; exit 1; }
	@echo "the token of an administrator, shown this once:"
	$(BIN)/bicentennial registry --registry $@ token add --as office --scope admin

serve: $(VENV)/installed-serve $(EXAMPLE)
	$(BIN)/bicentennial serve --registry $(EXAMPLE) --port $(PORT) --open

test: $(VENV)/installed-dev
	$(BIN)/python -m pytest

$(VENV)/installed-docs: $(VENV)/installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[docs]'
	touch $@

# Nothing is fetched but the packages of [docs].
docs: $(VENV)/installed-docs
	$(BIN)/python scripts/make_docs.py

compile: $(VENV)/installed-dev
	$(BIN)/python scripts/compile.py

# Guided by coverage where atheris can be installed, at random elsewhere.
fuzz: $(VENV)/installed-dev
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[fuzz]' || echo "without atheris"
	$(BIN)/python -m fuzz --seconds $(SECONDS)

$(PEERS)/installed: pyproject.toml
	$(PYTHON) -m venv $(PEERS)
	$(PEERS)/bin/python -m pip install --quiet --disable-pip-version-check --editable .
	$(PEERS)/bin/python -m pip install --quiet --disable-pip-version-check --editable '.[bench]' \
		|| echo "without the validators from PyPI, of which one cannot be installed here"
	npm install --silent --no-audit --no-fund --prefix $(PEERS)/node shacl-engine rdf-ext n3 \
		|| echo "without shacl-engine, which needs Node.js and npm"
	touch $@

bench: $(PEERS)/installed
	$(PEERS)/bin/python -m benchmarks --node $(PEERS)/node $(ARGS)

profile: $(VENV)/installed
	$(BIN)/python -m benchmarks.profiling $(ARGS)

clean:
	rm -rf $(VENV) $(PEERS) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
