"""Every question type has its picture, small enough to be looked at anywhere, and the page of schemas shows each."""

import re
from pathlib import Path

import pytest
from PIL import Image

from goldsmith.tasks.schemas import question_types

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "schemas.md").read_text(encoding="utf-8")
PICTURES = DOCS / "images" / "questions"
MOST_BYTES = 40_000


def test_there_is_one_picture_for_each_question_type_and_no_other():
    assert sorted(path.name for path in PICTURES.iterdir()) == sorted(f"{name}.webp" for name in question_types())


@pytest.mark.parametrize("name", sorted(question_types()))
def test_each_type_is_shown_under_its_name(name: str):
    shown = re.search(rf"^### {name}\n\n(.+)\n\n!\[.+\]\(images/questions/(.+)\)$", PAGE, re.MULTILINE)

    assert shown is not None, f"docs/schemas.md has no part about {name} with its picture"
    assert shown[2] == f"{name}.webp"


@pytest.mark.parametrize("path", sorted(PICTURES.iterdir()), ids=lambda path: path.stem)
def test_each_picture_is_whole_and_small(path: Path):
    with Image.open(path) as picture:
        picture.load()
        assert picture.width >= 1000
    assert path.stat().st_size <= MOST_BYTES
