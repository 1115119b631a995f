# registry-sdtm: every task. `make help` lists them.
SHELL := /bin/bash
.DEFAULT_GOAL := help

PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3 python; do \
	$$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null && echo $$p && break; done)
VENV := .venv
BIN := $(VENV)/bin
OUT ?= data/out
DICTIONARIES ?= dictionaries
CORE_VENV := .venv-core
SAMPLE ?= 50
SEED ?= 1
PYTHON312 ?= $(shell for p in python3.12 $${PYENV_ROOT:-$$HOME/.pyenv}/versions/3.12.*/bin/python3.12; do \
	$$p -c 'import sys; sys.exit(sys.version_info[:2] != (3, 12))' 2>/dev/null && echo $$p && break; done)
export GX_ANALYTICS_ENABLED := false

.PHONY: help build update soak test lint types golden conformance check terminology dictionaries bench accuracy docs clean

help: ## list the tasks
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

$(VENV)/installed: requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "registry-sdtm needs Python 3.11, 3.12 or 3.13; none was found (set PYTHON=...)"; exit 2; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

build: $(VENV)/installed ## make the datasets of data/raw in data/out
	$(BIN)/registry-sdtm build data/raw --out $(OUT)

update: $(VENV)/installed ## bring data/registry up to date and publish what changed: UPDATE='--ids NCT01234567'
	$(BIN)/registry-sdtm update --out $(OUT) $(UPDATE) || { s=$$?; case $$s in 1|3) ;; *) exit $$s ;; esac; }

soak: $(VENV)/installed ## 1,000 updates of a registry that changes at random, on loopback
	SOAK=1000 $(BIN)/pytest tests/test_update_soak.py

test: $(VENV)/installed ## everything that is checked: lint, types, tests
	$(BIN)/ruff check --no-cache .
	$(BIN)/ruff format --no-cache --check .
	$(BIN)/mypy
	$(BIN)/pytest

lint: $(VENV)/installed ## lint and format in place
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

types: $(VENV)/installed ## mypy --strict
	$(BIN)/mypy

golden: $(VENV)/installed ## write the golden files again; read the diff before you commit it
	$(BIN)/python -m tests.golden

$(CORE_VENV)/installed: requirements-core.lock
	@test -n "$(PYTHON312)" || { echo "CDISC CORE needs Python 3.12; none was found (set PYTHON312=...)"; exit 2; }
	$(PYTHON312) -m venv $(CORE_VENV)
	$(CORE_VENV)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-core.lock
	@touch $@

conformance: $(VENV)/installed $(CORE_VENV)/installed ## CDISC CORE over data/out (or SAMPLE random RECORDS); its rules are named by CORE_CACHE
ifdef RECORDS
	$(BIN)/python -m pipeline.conformance $(OUT)-sample --random $(SAMPLE) --seed $(SEED) \
		--records $(RECORDS) --table docs/conformance.md
else
	$(BIN)/python -m pipeline.conformance $(OUT)
endif

check: $(VENV)/installed ## validate what stands in data/out, from its files alone
	$(BIN)/registry-sdtm check $(OUT)

terminology: $(VENV)/installed ## take over NCI's SDTM Terminology: CT=its .txt or .odm.xml (CT_DATE=YYYY-MM-DD)
	@test -n "$(CT)" || { echo "name NCI's file: make terminology CT='SDTM Terminology.odm.xml'"; exit 2; }
	$(BIN)/registry-sdtm terminology "$(CT)" $(if $(CT_DATE),--date $(CT_DATE))

dictionaries: $(VENV)/installed ## check the dictionaries (UNII, SNOMED CT, MED-RT, MedDRA) in DICTIONARIES
	$(BIN)/registry-sdtm dictionaries $(DICTIONARIES)

bench: $(VENV)/installed ## reading records against the bare parsers, on ../shared/records
	$(BIN)/python bench/readers.py

accuracy: $(VENV)/installed ## what is made of the records of bench/gold against what was read from them by hand
	$(BIN)/python bench/accuracy.py

docs: $(VENV)/installed ## the reference of Trial Summary parameters, in build/docs
	$(BIN)/registry-sdtm reference

clean: ## remove what can be made again
	rm -rf $(OUT) build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
