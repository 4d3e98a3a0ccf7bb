"""The prose pages name what exists: the menu in the README, the packages on the architecture page, no dead links."""

import re
import shlex
import subprocess
from pathlib import Path

import pytest

from goldsmith.cli.lazy import DefaultGroup
from tools.pages.cli import commands, parameters_of

ROOT = Path(__file__).resolve().parents[2]
PROSE = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]
TARGETS = re.findall(r"^([a-z]+):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE)
PACKAGES = [path.parent.name for path in (ROOT / "src/goldsmith").glob("*/__init__.py")]


def links_of(path: Path) -> list[str]:
    text = re.sub(r"```.*?```", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    return [link for link in re.findall(r"\]\(([^)\s]+)\)", text) if "://" not in link]


def test_the_menu_has_its_eight_targets_and_a_help():
    assert {"help", "setup", "run", "test", "check", "bench", "web", "fix", "clean"} <= set(TARGETS)


@pytest.mark.parametrize("target", TARGETS)
def test_every_make_target_is_in_the_readme(target):
    assert f"make {target}" in (ROOT / "README.md").read_text() or target == "help"


def test_help_is_the_default_and_lists_every_target():
    menu = subprocess.run(["make", "--no-print-directory"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert [line.split()[1] for line in menu.splitlines()] == TARGETS


@pytest.mark.parametrize("name", PACKAGES)
def test_every_package_has_its_place_in_the_architecture(name):
    assert re.search(rf"\b{name}\b", (ROOT / "ARCHITECTURE.md").read_text())


@pytest.mark.parametrize("path", PROSE, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_between_pages_lead_somewhere(path):
    for link in links_of(path):
        name, _, heading = link.partition("#")
        target = (path.parent / name).resolve() if name else path
        assert target.exists(), f"{path.name} links to {link}, which is not there"
        if heading and target.suffix == ".md":
            assert heading in anchors_of(target), f"{path.name} links to {link}: no such heading"


def commands_in(name: str) -> list[list[str]]:
    """The `goldsmith` command lines of a page's shell blocks, as words."""
    blocks = re.findall(r"```sh\n(.*?)```", (ROOT / name).read_text(encoding="utf-8"), re.DOTALL)
    lines = "\n".join(blocks).splitlines()
    return [shlex.split(line, comments=True) for line in lines if line.startswith("goldsmith ")]


@pytest.mark.parametrize("words", commands_in("README.md"), ids=" ".join)
def test_every_command_of_the_tour_exists_with_its_options(words):
    known = {command.title: command for command in commands()}
    titles = (" ".join(words[:3]), " ".join(words[:2]), " ".join([*words[:2], DefaultGroup.default]))
    title = next((title for title in titles if title in known), None)
    assert title is not None, f"there is no command {' '.join(words[:3])}"
    options = {option for parameter in parameters_of(known[title]) for option in parameter.opts}
    assert {word for word in words if word.startswith("--")} <= options


def anchors_of(path: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.*)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
