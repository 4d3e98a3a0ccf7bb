"""A stage says when it uses compiled code: the time that compiling takes then counts against no document."""

# ruff: noqa: RUF001

import subprocess
import sys

from goldsmith.refine.model import DocumentStage
from goldsmith.refine.recipe import stage_types

TEXTS = (
    "",
    "© 2020 by the authors. All rights reserved. http://example.org/a &amp; b, licensed under the MIT License",
    "<html><head><meta name='robots' content='noai'></head><body><p>No training on this text.</p></body></html>",
    "上海（Shàng hǎi）的天气很好。 schÃ¶n \x07 ok",
)
PROGRAM = f"""
import sys
import pyarrow
import goldsmith

for name in sys.argv[1:]:
    goldsmith.refine_batches([{{name: {{}}}}])(pyarrow.table({{"id": list("abcd"), "text": {TEXTS!r}}}))
    if "numba" in sys.modules:
        sys.exit(f"{{name}} loads numba")
"""
NEED_MORE = {"classifier"}
"""Stages that do nothing without parameters."""


def test_what_does_not_say_so_runs_without_the_compiler():
    silent = [
        name
        for name, stage in stage_types().items()
        if issubclass(stage, DocumentStage) and "numba" not in stage.libraries and name not in NEED_MORE
    ]

    done = subprocess.run([sys.executable, "-c", PROGRAM, *silent], capture_output=True, text=True, check=False)

    assert len(silent) >= 3
    assert (done.returncode, done.stderr) == (0, "")
