"""What stages decide today they decide tomorrow, unless their version says otherwise."""

import msgspec
import pytest
import refine_golden as golden

EXPECTED = msgspec.json.decode(golden.FILE.read_bytes())


@pytest.fixture(scope="module")
def verdicts():
    return msgspec.json.decode(msgspec.json.encode(golden.verdicts()))


@pytest.mark.parametrize("went", ["kept", "dropped", "failed"])
def test_the_golden_documents_fare_as_they_always_did(verdicts, went):
    assert verdicts[went] == EXPECTED[went], (
        "a stage decides otherwise than before: raise its version, then run `python tests/golden/refine_golden.py`"
    )


def test_the_golden_file_belongs_to_these_versions(verdicts):
    assert verdicts["versions"] == EXPECTED["versions"]
