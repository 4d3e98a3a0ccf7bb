"""MinHash signatures of 112 hashes over sequences of 5 words: Daft, rensa and datatrove, each with its shingling."""

import re
import tempfile
from functools import partial
from importlib import import_module
from typing import Any

from benchmarks.refining.peers import Call, Given, Make

_WORD = re.compile(r"\w+")

# Any: the peers' objects, which have no types here.


def daft(given: Given) -> Call:
    return _daft(given, is_lower=False)


def daft_lower(given: Given) -> Call:
    return _daft(given, is_lower=True)


def _daft(given: Given, *, is_lower: bool) -> Call:
    library: Any = import_module("daft")
    frame = library.from_pydict({"text": given.texts}).collect()
    column = library.col("text")
    if is_lower:
        column = column.normalize(remove_punct=True, lowercase=True, nfd_unicode=False, white_space=False)
    values = column.minhash(num_hashes=112, ngram_size=5, hash_function="xxhash3_64")
    return lambda: frame.select(values).collect()


def rensa(given: Given) -> Call:
    library: Any = import_module("rensa")

    def sign() -> None:
        for text in given.texts:
            words = _WORD.findall(text.lower())
            signature = library.RMinHash(num_perm=112, seed=1)
            signature.update([" ".join(words[start : start + 5]) for start in range(max(1, len(words) - 4))])
            signature.digest()

    return sign


def datatrove(given: Given) -> Call:
    near: Any = import_module("datatrove.pipeline.dedup.minhash")
    signer = near.MinhashDedupSignature(tempfile.mkdtemp(prefix="signatures"))
    return partial(_sign, signer, given.texts)


def _sign(signer: Any, texts: list[str]) -> None:
    import_module("datatrove.utils.text").split_into_parts.cache_clear()
    for text in texts:
        shingles = signer.get_shingles(text)
        if shingles.size:  # as its own run does
            _ = signer.get_signature(shingles)


PEERS: dict[str, Make] = {
    "Daft, text as it is": daft,
    "Daft, lower case, no marks": daft_lower,
    "rensa, shingles by Python": rensa,
    "datatrove": datatrove,
}
