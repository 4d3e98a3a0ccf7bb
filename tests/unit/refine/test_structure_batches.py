"""Stages that take out lines and passages do to a text what they do to it alone, wherever in a batch it stands."""

# Adverts hold letters that look like others.
# ruff: noqa: RUF001

import pytest

from goldsmith.kit.arrow import make_batch
from goldsmith.refine.model import DocumentStage
from goldsmith.refine.stages.boilerplate_lines import BoilerplateLines
from goldsmith.refine.stages.repeated_body import RepeatedBody
from goldsmith.refine.stages.spam_lines import SpamLines
from goldsmith.refine.stages.truncation import Truncation

PROSE = "\n\n".join(
    f"Paragraph {number} tells of the {word}, which stood at the river for {number + 3} years, and of all who knew it."
    for number, word in enumerate(("mill", "bridge", "tower", "school", "ferry", "church", "market", "station"))
)
LINKS = "\n".join(f"https://host{number}.example/page-{number}" for number in range(12))
ADVERTS = "\n".join(f"请加微信：shop2024{tail}" for tail in ("", "!", "。", "？"))
TEXTS = [
    *(
        "",
        PROSE,
        f"{PROSE}\n\n{PROSE}",
        None,
        f"{PROSE}\n\n{LINKS}",
        f"{PROSE}\n\n{ADVERTS}",
        PROSE[:-9],
        "© 2020 Daily Star",
    ),
    *(
        f"Home\nNews\nContact\nShare\n\n{PROSE}\n\n© 2020 Daily Star. All rights reserved.",
        f"{PROSE}\n\nRead more",
        "\n\n",
    ),
    *(
        f"{PROSE}\nviagra cialis levitra cheap pills online pharmacy",
        "casino poker slots jackpot roulette betting bonus",
        PROSE,
    ),
]


@pytest.mark.parametrize(
    "stage", [SpamLines(), BoilerplateLines(), RepeatedBody(), Truncation(), SpamLines(take_out=False)]
)
def test_a_text_fares_in_a_batch_as_alone(stage: DocumentStage):
    alone = [stage.annotate(make_batch({"text": [text]}, {"text": "text"})) for text in TEXTS]

    together = stage.annotate(make_batch({"text": TEXTS}, {"text": "text"}))

    changed = 0
    for name, column in together.items():
        assert list(column) == [columns[name][0] for columns in alone]
        changed += len({str(value) for value in column}) > 1
    assert changed >= 2
