"""What a release of today looks like is what a verifier of tomorrow has to understand."""

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import release_golden as golden

from goldsmith.releases.exports import exporters
from goldsmith.trust.keys import VerifyingKey
from goldsmith.trust.verifier import verify_release

CONTENT_ROOT = "56fc5a4180b9ce7d99518a117b1a9b5691033c46cd150496b208836757aa1b61"
VERSIONED = {"items.parquet", "annotations.parquet", "manifest.json", "release.dsse.json"}
"""Files that hold the versions of the tools that wrote them, or a hash of such a file."""


def _exporter(name):
    return exporters()[name](fields=golden.FIELDS, questions=golden.QUESTIONS)


@pytest.mark.parametrize("name", list(exporters()))
def test_every_format_has_a_golden_file(name):
    assert (golden.FOLDER / f"rows{exporters()[name].suffix}").is_file()


@pytest.mark.parametrize("name", ["jsonl", "csv"])
def test_text_formats_are_written_as_they_always_were(name, tmp_path):
    path = tmp_path / "rows"
    with path.open("wb") as sink:
        _exporter(name).write(golden.rows(), sink)
    assert path.read_bytes() == (golden.FOLDER / f"rows.{name}").read_bytes()


@pytest.mark.parametrize("name", ["jsonl", "parquet"])
def test_golden_files_without_loss_are_read_back(name):
    with (golden.FOLDER / f"rows.{name}").open("rb") as source:
        assert list(_exporter(name).read(source)) == golden.rows()


def test_the_golden_view_keeps_ids_and_fields():
    with (golden.FOLDER / "rows.csv").open("rb") as source:
        read = list(_exporter("csv").read(source))
    assert [(row.external_id, row.content_sha256, row.payload["text"]) for row in read] == [
        (row.external_id, row.content_sha256, row.payload["text"]) for row in golden.rows()
    ]


def test_parquet_keeps_its_columns(tmp_path):
    with (tmp_path / "rows.parquet").open("wb") as sink:
        _exporter("parquet").write(golden.rows(), sink)
    now, then = (pq.ParquetFile(folder / "rows.parquet") for folder in (tmp_path, golden.FOLDER))
    with now, then:
        assert now.schema_arrow.names == then.schema_arrow.names == [
            "external_id", "content_sha256", "text", "payload", "label.licence", "label.holder", "confidence.licence",
            "confidence.holder", "consensus", "answers",
        ]  # fmt: skip
        is_same_writer = then.metadata.created_by == f"parquet-cpp-arrow version {pa.__version__}"
    if is_same_writer:
        assert (tmp_path / "rows.parquet").read_bytes() == (golden.FOLDER / "rows.parquet").read_bytes()


def test_the_golden_release_still_verifies():
    report = verify_release(golden.FOLDER / "v1", golden.KEY.verifying)
    assert report.faults == ()
    assert (report.version, report.n_items, report.n_annotations) == ("v1", 3, 6)
    assert report.content_root == CONTENT_ROOT
    assert VerifyingKey.load(golden.FOLDER / "v1" / "public-key.txt") == golden.KEY.verifying


def test_the_same_inputs_still_give_the_golden_content(tmp_path):
    written = golden.write(tmp_path)
    assert written.content_root == CONTENT_ROOT
    for entry in written.files:
        if entry.name not in VERSIONED:
            golden_bytes = (golden.FOLDER / "v1" / entry.name).read_bytes()
            assert (tmp_path / "v1" / entry.name).read_bytes() == golden_bytes, entry.name
