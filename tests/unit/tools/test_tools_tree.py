from pathlib import Path

import pytest

from tools.tree import SIZE_BYTES, finds, problems_of


@pytest.mark.parametrize(
    "line",
    [
        'PATH = "/home/ada/goldsmith/x"',
        "see /Users/ada/notes",
        'open("/root/.ssh/id")',
        'Path("/tmp/out.json")',
        '"resolved": "https://registry.npmjs.org/svelte"',
        "--index-url https://pypi.org/simple",
        "# TODO: later",
        "<<<<<<< HEAD",
    ],
)
def test_what_must_not_be_there_is_found_with_its_line(line: str) -> None:
    (find,) = finds(f"fine\n{line}\nfine")
    assert find.startswith("2: ")


@pytest.mark.parametrize(
    "line",
    ["/api/vaults/acme/projects", "https://example.com/home/page", "docs/root/x", "the method of todos", "mktemp -d"],
)
def test_ordinary_text_is_not(line: str) -> None:
    assert list(finds(line)) == []


def test_a_large_file_is_refused_whatever_it_holds(tmp_path: Path) -> None:
    (tmp_path / "picture.png").write_bytes(bytes(SIZE_BYTES + 1))
    (problem,) = problems_of(tmp_path / "picture.png", tmp_path)
    assert "picture.png: 2,000,001 bytes" in problem
