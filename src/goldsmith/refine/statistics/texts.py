"""The texts of a column as one array of bytes, without a copy where Arrow allows it."""

# pyarrow ships no types; what leaves this file has them.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportAttributeAccessIssue=false
# pyright: reportUnknownArgumentType=false

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from goldsmith.kit.arrow import Utf8
from goldsmith.kit.columns import Batch


def utf8(batch: Batch, name: str) -> Utf8:
    """The texts of a column as bytes; a missing text is empty."""
    column: Any = batch.column(name)
    texts = pc.fill_null(column, "").cast(pa.large_string())
    _, offsets, content = texts.buffers()
    starts = np.frombuffer(offsets, np.int64)[texts.offset : texts.offset + len(texts) + 1]
    held = np.frombuffer(content, np.uint8) if content is not None else np.frombuffer(b"", np.uint8)
    return Utf8(held[starts[0] : starts[-1]], starts - starts[0])
