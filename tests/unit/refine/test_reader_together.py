"""All formats in one folder, through one recipe."""

import gzip
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from goldsmith.refine import load_recipe, places_here, refine
from goldsmith.refine.documents import read_kept
from tests.unit.refine.made_files import http, made_pdf, record

RECIPE = """\
goldsmith: 1
name: together
source:
  - kind: files
    paths: [in]
stages:
  - decode
  - extract-html
  - repair
  - length: {min_characters: 10}
"""

SENTENCE = "A sentence about {} that is long enough to be kept by every stage of this recipe."


def test_a_chat_log_an_archive_a_pdf_and_a_table_go_through_one_recipe_together(tmp_path: Path):
    folder = tmp_path / "in"
    folder.mkdir()
    messages = [{"role": "user", "content": SENTENCE.format("chats")}, {"role": "assistant", "content": "Yes."}]
    (folder / "chat.jsonl").write_text(json.dumps({"id": "chat-1", "messages": messages}) + "\n{broken\n")
    page = f"<html><body><article><p>{SENTENCE.format('pages')}</p></article></body></html>"
    archive = [record(http(page.encode()), uri="https://example.org/a"), record(http(b"?", status="404 Not Found"))]
    (folder / "crawl.warc.gz").write_bytes(b"".join(map(gzip.compress, archive)))
    (folder / "report.pdf").write_bytes(made_pdf([[SENTENCE.format("print")]]))
    (folder / "scan.pdf").write_bytes(made_pdf([[]]))
    pq.write_table(pa.table({"id": ["row-1"], "text": [SENTENCE.format("tables")]}), folder / "rows.parquet")
    pq.write_table(pa.table({"body": ["x"]}), folder / "wrong.parquet")
    (folder / "sheet.csv").write_text(f'id;text\nsheet-1;"{SENTENCE.format("sheets")}"\n')
    (folder / "plain.txt.zst").write_bytes(pa.Codec("zstd").compress(SENTENCE.format("text").encode(), asbytes=True))

    report = refine(load_recipe(RECIPE, origin="recipe.yaml"), tmp_path / "out", places=places_here(tmp_path))

    kept = {each.id: each.text for each in read_kept(tmp_path / "out")}
    assert kept == {
        "chat-1": f"user:\n{SENTENCE.format('chats')}\n\nassistant:\nYes.",
        "https://example.org/a": SENTENCE.format("pages"),
        "files/report.pdf": SENTENCE.format("print"),
        "row-1": SENTENCE.format("tables"),
        "sheet-1": SENTENCE.format("sheets"),
        "files/plain.txt.zst": SENTENCE.format("text"),
    }
    failed = pq.read_table(tmp_path / "out/failed").to_pydict()
    assert (report.n_read, report.n_kept, report.n_failed) == (9, 6, 3)
    assert failed["id"] == ["files/chat.jsonl:2", "files/scan.pdf", "files/wrong.parquet"]
    assert ["not JSON" in failed["reason"][0], "no text layer" in failed["reason"][1]] == [True, True]
    assert "there is no column 'text'" in failed["reason"][2]
