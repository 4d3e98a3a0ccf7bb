"""The reports of refining: what was kept and dropped, and why."""

import asyncio
import re
from pathlib import Path

import msgspec
from litestar import MediaType, Response, get
from litestar.params import FromPath

from goldsmith.errors import NotFound
from goldsmith.server.access import enter
from goldsmith.server.security import SANDBOXED_DOCUMENT_POLICY
from goldsmith.server.state import AppRequest
from goldsmith.store.homes import Vault
from goldsmith.trust.authorize import Action

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


class RefineCard(msgspec.Struct, frozen=True, kw_only=True):
    """A report in a list."""

    name: str
    created_at: int
    n_read: int
    n_kept: int
    n_dropped: int
    n_failed: int


class RefineRows(msgspec.Struct, frozen=True, kw_only=True):
    """The reports of a client's vault."""

    rows: list[RefineCard]


class _Counts(msgspec.Struct, frozen=True):
    n_read: int
    n_kept: int
    n_dropped: int
    n_failed: int


@get("/api/vaults/{vault:str}/refine-reports")
async def list_refine_reports(request: AppRequest, vault: FromPath[str]) -> RefineRows:
    """What was refined for the client, the newest first."""
    access = await enter(request, vault, Action.VIEW_JOBS)
    return RefineRows(rows=await asyncio.to_thread(_cards, access.vault))


@get("/api/vaults/{vault:str}/refine-reports/{name:str}/report.html", media_type=MediaType.HTML)
async def get_refine_report(request: AppRequest, vault: FromPath[str], name: FromPath[str]) -> Response[bytes]:
    """One report as a page, to be shown in a sandboxed frame only."""
    access = await enter(request, vault, Action.VIEW_JOBS)
    page = await asyncio.to_thread(_page, access.vault, name)
    return Response(page, headers={"Content-Security-Policy": SANDBOXED_DOCUMENT_POLICY})


def _cards(vault: Vault) -> list[RefineCard]:
    if not vault.corpora.is_dir():
        return []
    found = [card for path in vault.corpora.iterdir() if (card := _card(path)) is not None]
    return sorted(found, key=lambda card: card.created_at, reverse=True)


def _card(folder: Path) -> RefineCard | None:
    """The card of a report; None for a folder without one, such as that of a run under way, and for a damaged one."""
    path = folder / "report.json"
    try:
        counts = msgspec.json.decode(path.read_bytes(), type=_Counts)
        created_at = path.stat().st_mtime_ns // 1000
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return None
    return RefineCard(name=folder.name, created_at=created_at, **msgspec.structs.asdict(counts))


def _page(vault: Vault, name: str) -> bytes:
    path = vault.corpora / name / "report.html"
    if _NAME.fullmatch(name) is None or not path.is_file():
        raise NotFound(f"There is no refine report {name[:80]!r}.")
    return path.read_bytes()
