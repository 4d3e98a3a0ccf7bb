#!/bin/sh
# Pins what pyproject.toml asks for into requirements/*.txt, with hashes for every platform and no registry's name.
# Needs uv (`pip install uv`). `sh tools/lock.sh --upgrade` moves to the newest releases.
set -eu
cd "$(dirname "$0")/.."
uv=$(command -v uv || echo .venv/bin/uv)
pin() { "$uv" pip compile --quiet --universal --generate-hashes --no-header "$@"; }
pin pyproject.toml --group build --output-file requirements/run.txt "${@}"
pin --group node --output-file requirements/node.txt "${@}"
pin pyproject.toml --extra dev --extra postgresql --extra stores --group build --constraint requirements/run.txt --output-file requirements/dev.txt
