"""Messages between the processes of a pool: pickled, but for batches, which go as the bytes that Arrow gives them.

Pickling each buffer of each column took six times as long as all of them at once, and a batch has 80 columns.
"""

import pickle
from collections.abc import Callable
from io import BytesIO
from multiprocessing.connection import Connection
from types import NotImplementedType
from typing import Any, TypeAlias

from goldsmith.kit.arrow import is_batch, packed, unpacked
from goldsmith.kit.columns import Batch

Peer: TypeAlias = "Connection[Any, Any]"
"""The other end: what it says is known by who it is."""


def send(peer: Peer, message: object) -> None:
    """Say something to the other process."""
    content = BytesIO()
    _Pickler(content, pickle.HIGHEST_PROTOCOL).dump(message)
    peer.send_bytes(content.getbuffer())


def receive(peer: Peer) -> Any:  # what the other process says is known by who it is
    """What the other process says next.

    Raises:
        EOFError: it is gone.
    """
    return pickle.loads(peer.recv_bytes())  # noqa: S301 - from our own process, by a socket that has no name


class _Pickler(pickle.Pickler):
    def reducer_override(self, value: object, /) -> tuple[Callable[[bytes], Batch], tuple[bytes]] | NotImplementedType:
        return (unpacked, (packed(value, compression=None),)) if is_batch(value) else NotImplemented
