"""`goldsmith verify`."""

from pathlib import Path
from typing import Annotated

import msgspec
import typer

from goldsmith.cli.messages import printable, say, say_json
from goldsmith.cli.options import JsonOption, new_app
from goldsmith.trust.keys import VerifyingKey
from goldsmith.trust.verifier import verify_release

app = new_app()

_KEY_PREFIX = "ed25519:"


@app.command()
def verify(
    release: Annotated[Path, typer.Argument(help="The release's folder.", metavar="RELEASE")],
    *,
    key: Annotated[
        str | None,
        typer.Option(
            help="The signer's key: the line that begins with 'ed25519:', or a file that begins with it.", metavar="KEY"
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Check a release offline, and name what was changed by file and row.

    Exit codes: 0 verified, 7 no key, 8 changed, 9 incomplete, 10 signed by somebody else, 11 not a release.
    """
    report = verify_release(release, None if key is None else _key(key))
    if as_json:
        say_json({"is_ok": report.is_ok, **msgspec.to_builtins(report)})
    else:
        for line in report.lines():
            say(printable(line))
    raise typer.Exit(report.exit_code)


def _key(text: str) -> VerifyingKey:
    return VerifyingKey.from_text(text) if text.startswith(_KEY_PREFIX) else VerifyingKey.load(Path(text))
