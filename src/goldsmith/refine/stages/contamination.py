"""Contamination: finds items of test sets in documents, word for word and in other words."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self, cast
from unicodedata import unidata_version

from goldsmith.errors import InputError
from goldsmith.kit.columns import Batch, Kinds
from goldsmith.refine.contamination.items import CLEAN_FIELDS, SetFile, find_files
from goldsmith.refine.contamination.rules import HoldsItems
from goldsmith.refine.model import DocumentStage, Places, SelfCheck
from goldsmith.refine.rules import Rule

if TYPE_CHECKING:
    from goldsmith.refine.contamination.indexes import Search
    from goldsmith.refine.contamination.matches import Limits

_VERBATIM = ("whole", "words", "overlap", "characters")


class Contamination(DocumentStage, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Finds which items of test sets stand in a document, and drops it, takes the passages out, or only says so.

    Texts are compared without case, accents, punctuation, width and white space; digits count. A word of a script
    without spaces between words (Chinese, Japanese, Thai, Lao, Burmese, Khmer) counts as two characters. An item is
    found in a document that has its whole question; `words` of its words in a row; passages of at least
    `overlap_words` words that make up `min_overlap` of its question or of the whole item; `characters` of its letters
    and digits in a row, whatever stands between them; or a passage about as long as its question that is like it: that
    has `min_likeness` of the weight of its terms (stems, pieces of long words, and characters, by TF-IDF), less a part
    for the words that the question does not have. Rephrasings are found by this.
    Sequences that stand in more than `common_in` items say nothing about one of them and are not looked for.

    Attributes:
        test_sets: folders, files and globs of test sets (JSON Lines, JSON, CSV, Parquet; a text file is one item);
            relative ones start at the recipe's folder.
        fields: the fields with an item's text, the question first; without any, fields such as `question`, `prompt` or
            `text` are looked for, and `choices`, `answer` or `target` go with them.
        remove: what happens to a document with items: it is dropped, the sentences with the passages are taken out, or
            nothing.
        words: words in a row that show an item.
        overlap_words: words in a row that a passage has at least.
        min_overlap: the share of an item that such passages have together, in [0, 1].
        characters: letters and digits in a row that show an item.
        min_words: words that a short item has at least; shorter ones are not looked for, for chance finds them.
        common_in: items that may have a sequence in common.
        min_likeness: the likeness to an item from which on a passage says the same, in [0, 1].
        min_share: the share of an item that a document has at least to be dropped, in [0, 1]; rephrasings apart.
        clean: paths of documents that certainly hold no item, such as some that are older than the test sets: false
            alarms are counted on them.

    Source: 13 words in a row as in GPT-3 (Brown et al. 2020, appendix C); 8 words and a share of 70 % as in PaLM
    (Chowdhery et al. 2022, section 8), there of all n-grams, here of all words; 50 characters as in GPT-4 (OpenAI 2023,
    appendix C), there of three samples an item, here anywhere; rephrasings: Yang et al. 2023, "Rethinking benchmark and
    contamination for language models with rephrased samples", there by embeddings and a model, here by weighted terms.
    """

    name: ClassVar[str] = "contamination"
    title: ClassVar[str] = "Contamination"
    version: ClassVar[str] = f"2+unicode{unidata_version}"
    columns: ClassVar[Kinds] = {
        "text": "text",
        "test_items": "text",
        "test_items_left": "text",
        "contamination": "text",
        "contamination_overlap": "float",
        "contamination_likeness": "float",
        "contaminated_share": "float",
        "contamination_removed": "int",
        "contamination_removals": "text",
    }
    changes: ClassVar[Mapping[str, str]] = {"contamination_removed": "passages of test items"}
    named: ClassVar[Mapping[str, str]] = {
        "test_items": "test items",
        "test_items_left": "test items that are left in the text",
    }
    spans: ClassVar[frozenset[str]] = frozenset({"contamination", "contamination_removals"})
    libraries: ClassVar[tuple[str, ...]] = ("numba", "numpy", "pyarrow")
    thresholds: ClassVar[frozenset[str]] = frozenset({"min_share"})

    test_sets: tuple[str, ...]
    fields: tuple[str, ...] = ()
    remove: Literal["document", "spans", "nothing"] = "document"
    words: int = 13
    overlap_words: int = 8
    min_overlap: float = 0.7
    characters: int = 50
    min_words: int = 5
    common_in: int = 20
    min_likeness: float = 0.5
    min_share: float = 0.0
    clean: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.test_sets:
            raise ValueError("`test_sets` has to name at least one file, folder or glob")
        for field in ("min_overlap", "min_likeness"):
            if not 0 < getattr(self, field) <= 1:
                raise ValueError(f"`{field}` has to be above 0 and at most 1")
        if not 0 <= self.min_share <= 1:
            raise ValueError("`min_share` has to lie between 0 and 1")
        if not 1 <= self.min_words <= self.overlap_words <= self.words <= 64:
            raise ValueError("`min_words`, `overlap_words` and `words` have to ascend, from 1 to 64")
        if not 20 <= self.characters <= 500:
            raise ValueError("`characters` has to lie between 20 and 500")
        if self.common_in < 1:
            raise ValueError("`common_in` has to be at least 1")

    def bound(self, places: Places) -> Self:
        """This stage with its test sets found and read once, so that a faulty one stops the run before it starts."""
        files = find_files(self.test_sets, places, self.fields)
        clean = find_files(self.clean, places, CLEAN_FIELDS) if self.clean else ()
        given = {name: getattr(self, name) for name in self.__struct_fields__}
        bound = BoundContamination(**given, files=files, clean_files=clean)
        bound.build()
        return cast("Self", bound)

    def pins(self, places: Places) -> Mapping[str, str]:
        """The SHA-256 of each file of the test sets."""
        clean = find_files(self.clean, places, CLEAN_FIELDS) if self.clean else ()
        return {
            **{file.name: file.sha256 for file in find_files(self.test_sets, places, self.fields)},
            **{f"clean: {file.name}": file.sha256 for file in clean},
        }

    def annotate(self, batch: Batch) -> Mapping[str, Sequence[object]]:
        """Nothing: only a stage that is bound knows its test sets.

        Raises:
            InputError: always.
        """
        del batch
        raise InputError("the stage 'contamination' was not bound to its test sets; call `bound` first.")

    def rules(self) -> tuple[Rule, ...]:
        """Drops documents with items, when that is asked for."""
        if self.remove != "document":
            return ()
        holds = HoldsItems(
            name="contains-test-item",
            number="contamination_overlap",
            threshold=self.min_share,
            label="share of the test item that they have most of",
            unit="of a test item",
            is_share=True,
            matches="contamination",
            kinds=_VERBATIM,
            reason="{value} of the test item {item} stands in it",
        )
        rephrases = HoldsItems(
            name="rephrases-test-item",
            number="contamination_likeness",
            threshold=self.min_likeness,
            label="likeness to the test item that they say in other words",
            unit="like a test item",
            is_share=True,
            matches="contamination",
            kinds=("rephrased",),
            reason="says the test item {item} in other words, with a likeness of {value}",
        )
        return (holds, rephrases)

    def spans_of(self, rule: str, text: str, columns: Mapping[str, object]) -> Iterable[tuple[int, int]]:
        """The passages of items."""
        from goldsmith.refine.evidence.places import records_of  # noqa: PLC0415 - numpy, when only a recipe is read
        from goldsmith.refine.evidence.spans import joined  # noqa: PLC0415 - as above

        del text
        records = records_of(columns["contamination"])
        places = [
            (each["start"], each["end"])
            for each in records
            if "start" in each and (each["kind"] == "rephrased") == (rule == "rephrases-test-item")
        ]
        return joined(places)


class BoundContamination(Contamination, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The stage with its files; small enough to be sent to other processes, where the index is built once."""

    files: tuple[SetFile, ...]
    clean_files: tuple[SetFile, ...] = ()

    def __reduce__(self) -> tuple[object, ...]:
        """In another process it is built where it arrives: no document's time is spent on it."""
        return _arrived, ({name: getattr(self, name) for name in self.__struct_fields__},)

    def build(self) -> None:
        """Read the test sets and build what finds their items; the next document that is looked at finds it there.

        Raises:
            InputError: a file changed, cannot be read, or has no items.
        """
        from goldsmith.refine.contamination.indexes import index_of  # noqa: PLC0415 - numpy, when only a recipe is read

        _ = index_of(self.files, self._search())

    def annotate(self, batch: Batch) -> Mapping[str, Sequence[object]]:
        """The texts, the items that they hold, where, and how much; and what was taken out of a text.

        The passages (`contamination`) stand at offsets in characters of the text; those that were taken out have none.
        What was taken out is written as repairs are: what stood there, and where in the text that is left.
        """
        from goldsmith.refine.contamination.columns import contamination_columns  # noqa: PLC0415 - numpy, as above

        return contamination_columns(
            batch, self.files, self._search(), self._limits(), removes_spans=self.remove == "spans"
        )

    def checked(self) -> SelfCheck:
        """How many items it finds that are hidden on purpose, and how many clean documents it takes for others."""
        from goldsmith.refine.contamination.checks import check  # noqa: PLC0415 - numpy, as above

        return check(self.files, self.clean_files, self._search(), self._limits())

    def _search(self) -> "Search":
        from goldsmith.refine.contamination.indexes import Search  # noqa: PLC0415 - numpy, as above

        return Search(
            fields=self.fields,
            overlap_words=self.overlap_words,
            characters=self.characters,
            min_words=self.min_words,
            common_in=self.common_in,
            min_likeness=self.min_likeness,
        )

    def _limits(self) -> "Limits":
        from goldsmith.refine.contamination.matches import Limits  # noqa: PLC0415 - numpy, as above

        return Limits(words=self.words, min_overlap=self.min_overlap)


def _arrived(parameters: dict[str, Any]) -> BoundContamination:  # Any: each parameter has its own type
    bound = BoundContamination(**parameters)
    bound.build()
    return bound


plugin = Contamination
