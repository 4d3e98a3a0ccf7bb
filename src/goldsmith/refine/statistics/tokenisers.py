"""The ways to cut a text into tokens that recipes can name."""

from typing import Literal

Tokeniser = Literal["split", "words"]
"""How a text is cut: `split` at white space, `words` as a reader would count them."""
