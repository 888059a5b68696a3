# The five commands people use; `make` alone lists them. Each is one line that works without make too.
.DEFAULT_GOAL := help
.PHONY: help setup test lint demo up

help:
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/make \1\t\2/' | expand -t 12

setup: ## install the environment, and the hook that looks at each commit
	uv sync --compile-bytecode
	uv run pre-commit install

test: ## the tests, with real parts; `make test ARGS=tests/exports` runs some
	uv run pytest -n 2 $(ARGS)

lint: ## ruff, mypy and sqlfluff over all files
	uv run pre-commit run --all-files --show-diff-on-failure

demo: ## load a made-up company and look at its history
	uv run qbh demo

up: ## Dagster's web UI, daemon and sensor, until Ctrl-C
	uv run qbh up
