"""The schemas that the documentation shows can be used as they are."""

import re
from pathlib import Path

from goldsmith.tasks.schema_texts import verdict_on_text

PAGE = Path(__file__).parents[2] / "docs" / "schemas.md"


def test_every_schema_on_its_page_is_one():
    examples = re.findall(r"```yaml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)

    assert examples
    assert [verdict_on_text(example).fault for example in examples] == [None] * len(examples)
