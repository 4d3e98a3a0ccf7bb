"""A cluster of two nodes decides what one machine decides."""

import hashlib
import importlib.util
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

GOLDSMITH = Path(sys.executable).with_name("goldsmith")
CLUSTER = Path(__file__).with_name("ray_cluster.py")
OWN_NETWORK = ["unshare", "-rn"]
RECIPE = """\
goldsmith: 1
name: test
source:
  - {kind: files, paths: [in]}
stages:
  - decode
  - extract-html: {main_content: false}
  - repair
  - length: {min_characters: 40}
  - exact-duplicates
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder with a short path: Ray's sockets lie in it."""
    with tempfile.TemporaryDirectory(prefix="gs") as path:
        yield Path(path)


def digests(out: Path) -> dict[str, str]:
    files = [path for path in sorted(out.rglob("*")) if path.is_file()]
    return {path.relative_to(out).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def can_have_own_network() -> bool:
    if shutil.which(OWN_NETWORK[0]) is None:
        return False
    return subprocess.run([*OWN_NETWORK, "true"], check=False, capture_output=True).returncode == 0


@pytest.mark.skipif(importlib.util.find_spec("ray") is None, reason="Ray is not installed")
@pytest.mark.skipif(not can_have_own_network(), reason="this system gives no network of its own to a process")
def test_a_cluster_of_two_nodes_gives_the_same_bytes(folder: Path):
    (folder / "in").mkdir()
    texts = [f"Page {n}\u200b of many, {'with words ' * (n % 40)}and its number is {n * n}." for n in range(1200)]
    rows = [json.dumps({"id": f"r{n}", "text": text}) for n, text in enumerate(texts)]
    (folder / "in/rows.jsonl").write_text("\n".join([*rows, rows[7].replace("r7", "again"), "{oops"]), encoding="utf-8")
    (folder / "in/page.html").write_text("<p>A page of the web with <b>enough</b> text.</p>", encoding="utf-8")
    (folder / "recipe.yaml").write_text(RECIPE, encoding="utf-8")
    refine = [GOLDSMITH, "refine", folder / "recipe.yaml", "--json", "--out"]

    local = subprocess.run([*refine, folder / "local"], capture_output=True, text=True, check=False)
    command = [*OWN_NETWORK, sys.executable, CLUSTER, folder, *refine, folder / "ray", "--engine", "ray"]
    ray = subprocess.run(command, capture_output=True, text=True, check=False)

    assert local.returncode == 0, local.stderr
    assert ray.returncode == 0, ray.stdout + ray.stderr
    assert json.loads(ray.stdout)["n_read"] == 1203
    assert digests(folder / "ray") == digests(folder / "local")
