"""The pinned requirements satisfy what pyproject.toml asks for: nobody forgot `sh tools/lock.sh`."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[3]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
RUN = [*PROJECT["project"]["dependencies"], *PROJECT["dependency-groups"]["build"]]
EXTRAS = PROJECT["project"]["optional-dependencies"]
WANTED = {
    "run": RUN,
    "dev": [*RUN, *EXTRAS["dev"], *EXTRAS["postgresql"]],
    "node": PROJECT["dependency-groups"]["node"],
}


def pins_of(name: str) -> dict[str, set[Version]]:
    pins: dict[str, set[Version]] = {}
    for found in re.finditer(
        r"^([\w.-]+)==([\w.]+)", (ROOT / "requirements" / f"{name}.txt").read_text(), re.MULTILINE
    ):
        pins.setdefault(canonicalize_name(found[1]), set()).add(Version(found[2]))
    return pins


@pytest.mark.parametrize("name", WANTED)
def test_every_requirement_is_pinned_to_a_version_that_fits(name: str) -> None:
    pins = pins_of(name)
    for requirement in map(Requirement, WANTED[name]):
        versions = pins.get(canonicalize_name(requirement.name), set())
        assert any(version in requirement.specifier for version in versions), f"{requirement} is not in {name}.txt"


@pytest.mark.parametrize("name", WANTED)
def test_every_pin_has_hashes_and_no_file_names_a_host(name: str) -> None:
    text = (ROOT / "requirements" / f"{name}.txt").read_text()
    blocks = re.split(r"^(?=[\w.-]+==)", text, flags=re.MULTILINE)[1:]
    assert blocks
    assert all("--hash=sha256:" in block for block in blocks)
    assert "://" not in text
    assert "--index-url" not in text


def test_the_tests_run_with_the_versions_that_people_run() -> None:
    run, dev = pins_of("run"), pins_of("dev")
    assert {name: dev[name] for name in run} == run
