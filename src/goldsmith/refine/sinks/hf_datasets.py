"""A folder as the library `datasets` and the hub of Hugging Face read it: Parquet with a card that describes it."""

import re
import shutil
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, ClassVar

import yaml

from goldsmith.refine.reports import RefineReport
from goldsmith.refine.sinks import Sink

_DTYPES = {"string": "string", "int64": "int64", "double": "float64", "bool": "bool"}
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_SIZES = ("1K", "10K", "100K", "1M", "10M", "100M", "1B", "10B", "100B", "1T")
_MAX_LANGUAGES = 30


class HfDatasets(Sink, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Writes `hf-datasets/data/train-*.parquet` and a card, for `datasets.load_dataset` and the hub.

    The card's head names the columns, counts, sizes and languages; its text says how the documents were made, with the
    hash of the recipe. It calls the licence unknown, since that is for people to say.

    Attributes:
        split: the name of the split that holds all documents.
    """

    name: ClassVar[str] = "hf-datasets"
    title: ClassVar[str] = "Folder for Hugging Face datasets"

    split: str = "train"

    def __post_init__(self) -> None:
        if re.fullmatch(r"\w+(\.\w+)*", self.split) is None:
            raise ValueError("`split` has to be letters, digits and underscores")

    def write(self, kept: Sequence[Path], folder: Path, report: RefineReport) -> None:
        """Copy the files of kept documents under the names that the library expects, and write the card."""
        (folder / "data").mkdir()
        for number, path in enumerate(kept):
            shutil.copyfile(path, folder / f"data/{self.split}-{number:05d}-of-{len(kept):05d}.parquet")
        head = yaml.safe_dump(self._head(kept, report), sort_keys=False, allow_unicode=True, width=1000)
        (folder / "README.md").write_text(f"---\n{head}---\n\n{_body(report)}", encoding="utf-8")

    def _head(self, kept: Sequence[Path], report: RefineReport) -> dict[str, object]:
        languages = [each.language for each in report.languages if _LANGUAGE.fullmatch(each.language)]
        columns, n_bytes = _about(kept)
        split = {"name": self.split, "num_bytes": n_bytes, "num_examples": report.n_kept}
        return {
            "pretty_name": report.title,
            "license": "unknown",
            **({"language": languages} if languages else {}),
            "size_categories": [_size_category(report.n_kept)],
            "configs": [
                {"config_name": "default", "data_files": [{"split": self.split, "path": f"data/{self.split}-*"}]}
            ],
            "dataset_info": {
                "features": [{"name": name, "dtype": dtype} for name, dtype in columns.items()],
                "splits": [split],
                "download_size": sum(path.stat().st_size for path in kept),
                "dataset_size": n_bytes,
            },
        }


def _about(kept: Sequence[Path]) -> tuple[dict[str, str], int]:
    """The columns by name with their types as the library calls them, and the size of all rows unpacked."""
    parquet: Any = import_module("pyarrow.parquet")  # Any: it has no types
    columns: dict[str, str] = {}
    n_bytes = 0
    for path in kept:
        with parquet.ParquetFile(path) as file:
            columns = {field.name: _DTYPES[str(field.type)] for field in file.schema_arrow}
            groups = range(file.metadata.num_row_groups)
            n_bytes += sum(int(file.metadata.row_group(group).total_byte_size) for group in groups)
    return columns, n_bytes


def _size_category(n: int) -> str:
    low = "n"
    for place, high in enumerate(_SIZES):
        if n < 1000 * 10**place:
            return f"{low}<{high}" if low == "n" else f"{low}<n<{high}"
        low = high
    return f"n>{_SIZES[-1]}"


def _body(report: RefineReport) -> str:
    shown = report.languages[:_MAX_LANGUAGES]
    languages = "".join(f"| {each.language} | {each.n:,} |\n" for each in shown)
    stages = "".join(
        f"| {stage.title} (`{stage.stage}`) | {stage.n_in:,} | {stage.n_dropped:,} | {stage.n_failed:,} |\n"
        for stage in report.stages
    )
    table = f"\n## Languages\n\n| language | documents |\n| --- | ---: |\n{languages}" if shown else ""
    return (
        f"# {report.title}\n\n"
        f"{report.n_kept:,} documents with {report.kept_characters:,} characters, refined by Goldsmith "
        f"{report.goldsmith} with the recipe `{report.name}` (SHA-256 `{report.recipe_sha256}`).\n\n"
        f"Of {report.n_read:,} documents {report.n_kept:,} were kept, {report.n_dropped:,} dropped, and "
        f"{report.n_failed:,} could not be read.\n\n"
        "| stage | documents | dropped | failed |\n| --- | ---: | ---: | ---: |\n"
        f"{stages}{table}\n"
        "## Licence\n\nUnknown. Goldsmith keeps what the sources say about each document in the column `meta`.\n"
    )


plugin = HfDatasets
