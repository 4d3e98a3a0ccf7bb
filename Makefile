# The menu: `make` alone prints it. Works with GNU make 3.81 (macOS) and newer.
.DEFAULT_GOAL := help
.PHONY: help setup run test check bench web fix pictures clean

BIN := .venv/bin
BOOTSTRAP = python=$$(sh tools/python.sh) && "$$python" tools/bootstrap.py
export DO_NOT_TRACK := 1
unexport PYTHONPATH PYTHONHOME VIRTUAL_ENV PYTHONDONTWRITEBYTECODE

help: ## Print this menu
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile

setup: ## Make .venv and install Goldsmith into it, from pinned and hashed requirements
	@$(BOOTSTRAP) run

web: setup ## Build the browser app into src/goldsmith/_ui (skipped while its sources are unchanged)
	@$(BIN)/python -m tools.web build

run: web ## Refine, label and release real documents, then serve them at http://127.0.0.1:8321
	@$(BIN)/goldsmith demo

test: ## Set up everything the tests need, then run all gates and all tests
	@$(BOOTSTRAP) dev
	@$(BIN)/python -m tools.prepare
	@$(BIN)/python -m tools.gates all
	@$(BIN)/python -m pytest -n 2 --dist worksteal

check: ## Run the gates alone: lint, format, types, layers, sizes, tree, docs
	@$(BOOTSTRAP) dev
	@$(BIN)/python -m tools.gates

bench: web ## Measure the server under load; OPTIONS="--peer label-studio --items 100000" for both sides
	@$(BOOTSTRAP) dev
	@$(BIN)/python -m benchmarks.server $(OPTIONS)

fix: ## Format, apply safe lint fixes, and render again what is rendered from the code
	@$(BOOTSTRAP) dev
	@$(BIN)/ruff check --fix --quiet . || true
	@$(BIN)/ruff format --quiet .
	@$(BIN)/python -m tools.docs write
	@$(BIN)/python -m tools.web types

pictures: web ## Draw the pictures of docs/schemas.md and docs/review.md again, from the app as it is now
	@$(BOOTSTRAP) dev
	@DRAW_PICTURES=1 $(BIN)/python -m pytest -q tests/browser/test_question_pictures.py tests/browser/test_adjudication_picture.py

clean: ## Remove the environment and everything that was built; a home folder is never touched
	rm -rf .venv build dist src/goldsmith/_ui web/node_modules web/dist
	rm -rf .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	find src tests tools benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +
