"""The laws of exporters, run on every plugin found."""

import io

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldsmith.errors import RowError
from goldsmith.releases.exports import Exporter, exporters
from goldsmith.releases.model import AnswerEntry, ConsensusEntry, ReleaseRow

EVERY_FORMAT = pytest.mark.parametrize("kind", list(exporters().values()), ids=list(exporters()))
FIELDS = ("text", "title", "external_id", "label.licence", "payload", "=cmd")
QUESTIONS = ("licence", "holder")
COLUMNS = st.sampled_from([((), ()), (FIELDS, QUESTIONS)])

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.sampled_from(
    ["=1+1", "'=1+1", "''@x", "-5", "\t=", "\r", "\n\r\n", '"', ",", "\x00", "\ufeff", "\uff1dx", "'", "null", "1e5"]
)
SHARES = st.none() | st.floats(0, 1)
JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)
CONSENSUS = st.builds(
    ConsensusEntry,
    question=st.sampled_from([*QUESTIONS, "other"]),
    value=JSON_VALUES,
    confidence=SHARES,
    agreement=SHARES,
    n_answers=st.integers(0, 9),
    method=TEXTS,
)
ANSWERS = st.builds(
    AnswerEntry,
    annotator=TEXTS,
    kind=st.sampled_from(["person", "model"]),
    version=st.none() | TEXTS,
    answers=st.dictionaries(TEXTS, JSON_VALUES, max_size=2),
    outcome=st.sampled_from(["answered", "skipped"]),
)
ROWS = st.builds(
    ReleaseRow,
    external_id=TEXTS,
    content_sha256=st.sampled_from(["ab" * 32, "00" * 32]),
    payload=st.dictionaries(st.sampled_from(FIELDS) | TEXTS, TEXTS | JSON_VALUES, max_size=4),
    consensus=st.lists(CONSENSUS, max_size=3, unique_by=lambda one: one.question).map(tuple),
    answers=st.lists(ANSWERS, max_size=3).map(tuple),
)


def _written(exporter: Exporter, rows: list[ReleaseRow]) -> bytes:
    sink = io.BytesIO()
    exporter.write(iter(rows), sink)
    return sink.getvalue()


def _without(row: ReleaseRow, lost: set[str]) -> dict[str, object]:
    return {name: value for name, value in msgspec.structs.asdict(row).items() if name not in lost}


@EVERY_FORMAT
@given(rows=st.lists(ROWS, max_size=4), columns=COLUMNS)
def test_what_is_written_is_read_again_or_the_loss_is_listed(kind, rows, columns):
    exporter = kind(fields=columns[0], questions=columns[1])
    read = list(exporter.read(io.BytesIO(_written(exporter, rows))))
    lost = set(kind.loss)
    assert [_without(row, lost) for row in read] == [_without(row, lost) for row in rows]
    if not lost:
        assert read == rows


@EVERY_FORMAT
@given(rows=st.lists(ROWS, max_size=4), columns=COLUMNS)
def test_the_same_rows_give_the_same_bytes(kind, rows, columns):
    exporter = kind(fields=columns[0], questions=columns[1])
    assert _written(exporter, rows) == _written(exporter, list(rows))


@EVERY_FORMAT
@given(rows=st.lists(ROWS, min_size=1, max_size=4))
def test_writing_leaves_the_rows_as_they_were(kind, rows):
    before = msgspec.json.encode(rows)
    _written(kind(), rows)
    assert msgspec.json.encode(rows) == before


@EVERY_FORMAT
def test_a_listed_loss_names_a_field_and_says_what_becomes_of_it(kind):
    assert set(kind.loss) <= set(ReleaseRow.__struct_fields__) - {"external_id"}
    assert all(sentence.endswith(".") for sentence in kind.loss.values())


@EVERY_FORMAT
def test_a_format_says_how_its_files_are_called_and_sent(kind):
    assert kind.suffix.startswith(".")
    assert "/" in kind.media_type


@EVERY_FORMAT
@pytest.mark.parametrize("content", [b"\xff\xfe\x00garbage", b'{"external_id": 1}\n', b"PAR1nonsensePAR1"])
def test_what_is_not_the_format_is_refused_in_one_line(kind, content):
    with pytest.raises(RowError) as caught:
        list(kind().read(io.BytesIO(content)))
    assert "\n" not in caught.value.message


@EVERY_FORMAT
def test_parameters_that_do_not_exist_are_refused(kind):
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"format": kind.__struct_config__.tag, "colour": "red"}, kind)
