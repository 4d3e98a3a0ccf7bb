import asyncio
from collections.abc import Awaitable, Callable

import pytest

from benchmarks.connections import Connection, RefusedError

Script = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


async def with_server(script: Script, use: Callable[[int], Awaitable[None]]) -> None:
    """Run `use` against a server that answers each connection with `script`."""
    server = await asyncio.start_server(script, "127.0.0.1", 0)
    async with server:
        await use(server.sockets[0].getsockname()[1])


def answers(*replies: bytes) -> Script:
    """A server that gives the replies on one connection, then closes it."""

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for reply in replies:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(reply)
            await writer.drain()
        writer.close()
        await writer.wait_closed()

    return script


def test_sized_and_chunked_bodies_are_read_from_one_connection():
    sized = b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello"
    chunked = b"HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n"

    async def use(port: int) -> None:
        connection = Connection(port, {}, keeps_alive=True)
        assert await connection.get("/a") == b"hello"
        assert await connection.get("/b") == b"abcde"
        assert await connection.get("/c") == b"hello"
        await connection.close()

    asyncio.run(with_server(answers(sized, chunked, sized), use))


def test_a_connection_that_the_server_closed_is_made_again():
    async def use(port: int) -> None:
        connection = Connection(port, {}, keeps_alive=True)
        assert [await connection.get("/") for _ in range(3)] == [b"1"] * 3
        await connection.close()

    asyncio.run(with_server(answers(b"HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\n1"), use))


def test_a_refusal_names_the_call_the_status_and_the_words():
    async def use(port: int) -> None:
        connection = Connection(port, {}, keeps_alive=False)
        with pytest.raises(RefusedError, match="GET /secret: 403 no"):
            await connection.get("/secret")

    asyncio.run(with_server(answers(b"HTTP/1.1 403 Forbidden\r\ncontent-length: 2\r\n\r\nno"), use))


def test_a_post_carries_the_headers_and_the_json():
    seen: list[bytes] = []

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.append(await reader.readuntil(b"\r\n\r\n") + await reader.readexactly(7))
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")
        await writer.drain()
        writer.close()
        await writer.wait_closed()

    async def use(port: int) -> None:
        connection = Connection(port, {"Authorization": "Bearer t"}, keeps_alive=False)
        assert await connection.post("/x", {"n": 1}) == b""

    asyncio.run(with_server(script, use))
    head, _, body = seen[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /x HTTP/1.1\r\nAuthorization: Bearer t\r\n")
    assert b"Content-Length: 7" in head
    assert body == b'{"n":1}'
