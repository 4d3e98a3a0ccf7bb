"""The characters that Goldsmith's language stage looks at, cut in Python for those that are compared with it."""

from goldsmith.refine.languages import N_CHARACTERS


def sample(text: str) -> str:
    """At most about 1,000 characters of `text` on one line: its beginning, middle and end.

    >>> sample("one\\n two")
    'one two'
    """
    if len(text) > N_CHARACTERS:
        third = N_CHARACTERS // 3
        middle = (len(text) - third) // 2
        text = f"{text[:third]} {text[middle : middle + third]} {text[-third:]}"
    return " ".join(text.split())
