"""The documents of the golden run. `python tests/golden/refine_golden.py` writes the golden file anew."""

# Texts in several languages hold letters that look like others.
# ruff: noqa: RUF001

import tempfile
from pathlib import Path

import msgspec
import pyarrow.parquet as pq

from goldsmith.refine import Places, load_recipe, refine
from goldsmith.refine.recipe import stage_types

FILE = Path(__file__).parent / "refine" / "verdicts.json"
RECIPE = """\
goldsmith: 1
name: golden
source: [{kind: files, paths: [in]}]
stages:
  - decode
  - extract-html
  - repair
  - language
  - length: {min_characters: 40, max_characters: 2000}
  - exact-duplicates
  - near-duplicates: {threshold: 0.7}
"""
_MIT = (
    "Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated "
    "documentation files (the Software), to deal in the Software without restriction, including without limitation "
    "the rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software."
)
_GERMAN = "Größere Änderungen können wir für Sie über Nacht prüfen; schöne Grüße aus Köln und Düsseldorf."
DOCUMENTS: dict[str, bytes] = {
    "mit.txt": _MIT.encode(),
    "mit-wrapped.txt": _MIT.replace(" and ", "\r\nand ").encode(),
    "mit-named.txt": f"Copyright 2015 Rebecca Turner\n\n{_MIT}".encode(),
    "mit-marked.txt": f"\ufeff{_MIT.replace('Software', 'Work')}".encode("utf-16-le"),
    "german.txt": _GERMAN.encode("cp1252"),
    "damaged.txt": _GERMAN.replace("Grüße", "Gruesse").encode().decode("cp1252").encode(),
    "russian.txt": "Съешь же ещё этих мягких французских булок да выпей чаю, а потом закрой файл.".encode("koi8-r"),
    "japanese.txt": "ファイルを選択して、保存ボタンをクリックしてください。設定は後から変更できます。".encode(
        "shift_jis"
    ),
    "page.html": (
        "<html><head><title>T</title></head><body><nav><a href='/'>Home</a></nav><article><h1>A licence</h1>"
        f"<p>{_MIT[:200]}</p></article></body></html>"
    ).encode(),
    "empty-page.html": b"<html><body><script>1</script></body></html>",
    "colours.txt": b"\x1b[1mB\bBo\bol\bld\bd\x1b[0m and plain words of a page for a terminal of old.\x0c\n",
    "short.txt": b"see LICENSE",
    "long.txt": b"word " * 500,
    "binary.txt": b"\x7fELF\x02\x01\x01\x00",
    "rows.jsonl": b'{"id": "r1", "text": "A row that stands for itself, with the words that it needs."}\n{"text": 1}\n',
}
COLUMNS = (
    "id",
    "stage",
    "rule",
    "value",
    "reason",
    "text",
    "language",
    "charset",
    "n_copies",
    "n_near_copies",
    "repairs",
)


def verdicts() -> dict[str, object]:
    """What becomes of the golden documents, with the versions of the stages that decide."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "in").mkdir()
        for file, content in DOCUMENTS.items():
            (folder / "in" / file).write_bytes(content)
        recipe = load_recipe(RECIPE, origin="golden.yaml")
        refine(recipe, folder / "out", places=Places(base=folder, doc_folders=(), packages=lambda: ()))
        rows = {kind: _rows(folder / "out" / kind, name) for kind in ("kept", "dropped", "failed")}
    versions = {name: stage.version.partition("+")[0] for name, stage in stage_types().items()}
    return {"versions": versions, **rows}


def _rows(folder: Path, place: str) -> list[dict[str, object]]:
    table = pq.read_table(folder).to_pylist()
    return [
        {
            name: value.replace(place, "…") if isinstance(value, str) else value
            for name, value in row.items()
            if name in COLUMNS
        }
        for row in table
    ]


if __name__ == "__main__":
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_bytes(msgspec.json.format(msgspec.json.encode(verdicts()), indent=1) + b"\n")
