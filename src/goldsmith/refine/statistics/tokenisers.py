"""The ways to cut a text into tokens that recipes can name."""

from importlib.util import find_spec
from typing import Literal, get_args

from goldsmith.kit.columns import Kinds

Tokeniser = Literal["split", "words", "spacy"]
"""How a text is cut: `split` at white space, `words` as a reader would count them, `spacy` as spaCy does."""


def column_of(tokens: Tokeniser) -> str:
    """The hidden column in which stages hand the tokens of a text on, as long as it and its language stay the same."""
    return f"_tokens_{tokens}"


TOKEN_KINDS: Kinds = {column_of(each): "bytes" for each in get_args(Tokeniser)}
"""The columns with tokens."""


def check_tokeniser(tokens: Tokeniser) -> None:
    """Refuse a tokeniser whose library is not installed.

    Raises:
        ValueError: says what to install.
    """
    if tokens == "spacy" and find_spec("spacy") is None:
        raise ValueError("`tokens: spacy` needs spaCy, which is not installed here; run `pip install spacy`")


def libraries_of(tokens: Tokeniser) -> tuple[str, ...]:
    """The distributions whose version can change what the tokens are, beside those that are always there."""
    return ("spacy",) if tokens == "spacy" else ()
