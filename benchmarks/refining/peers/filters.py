"""datatrove's filters of FineWeb, in their order and with their early exit."""

from collections.abc import Sequence
from functools import partial
from importlib import import_module
from typing import Any

from benchmarks.refining.peers import Call, Given, Make

# Any: the peer's objects, which have no types here.


def chain(language: Any) -> list[Any]:
    """The filters, with the words of a language's tokeniser or of one that is given."""
    kinds = import_module("datatrove.pipeline.filters")
    return [
        kinds.GopherRepetitionFilter(language=language),
        kinds.GopherQualityFilter(language=language),
        kinds.C4QualityFilter(filter_no_terminal_punct=False, language=language),
        kinds.FineWebQualityFilter(language=language),
    ]


def spacy(given: Given) -> Call:
    import_module("spacy")
    return partial(_run, chain("en"), given.prose)


def split(given: Given) -> Call:
    """With `str.split` for words; a text counts as one sentence."""
    return partial(_run, chain(_split_tokeniser()), given.prose)


def _run(filters: Sequence[Any], texts: Sequence[str]) -> None:
    document: Any = import_module("datatrove.data").Document
    import_module("datatrove.utils.text").split_into_parts.cache_clear()  # it keeps the words of the last texts
    for number, text in enumerate(texts):
        each = document(text=text, id=str(number))
        _ = all(one.filter(each) is True for one in filters)


def _split_tokeniser() -> Any:
    base = import_module("datatrove.utils.word_tokenizers").WordTokenizer

    class Split(base):
        def word_tokenize(self, text: str) -> list[str]:
            return text.split()

        def sent_tokenize(self, text: str) -> list[str]:
            return [text]

        def span_tokenize(self, text: str) -> list[tuple[int, int]]:
            return [(0, len(text))]

    return Split()


PEERS: dict[str, Make] = {"datatrove, spaCy": spacy, "datatrove, split": split}
