"""Which licence a document says that it is under, and where it says so."""

from typing import Literal

import msgspec

EvidenceKind = Literal["metadata", "spdx-tag", "link", "markup", "sentence", "text", "reservation"]
"""What can say it:

what the source knows; an `SPDX-License-Identifier`; a link to a licence; a `meta` element or JSON-LD of the page; a
sentence or label; the words of the licence itself; `All rights reserved`, which counts when nothing else is said.
"""

RESERVED = "LicenseRef-all-rights-reserved"
PUBLIC_DOMAIN = "LicenseRef-public-domain"


class Evidence(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One place that says something about a licence.

    Attributes:
        id: an identifier of SPDX, or `LicenseRef-` and a name.
        kind: what says it.
        quote: the words.
        start: where they begin in the text, in code points; None when the source says it.
        end: where they end.
        is_part: whether it speaks of a part of the document, such as a photograph, and not of the whole.
    """

    id: str
    kind: EvidenceKind
    quote: str
    start: int | None = None
    end: int | None = None
    is_part: bool = False
