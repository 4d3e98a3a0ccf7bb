"""What the program writes about itself to standard error."""

import logging
import sys

from goldsmith.settings import Settings

_FORM = "%(asctime)s %(levelname)s %(name)s: %(message)s"


def log_server(settings: Settings) -> None:
    """Log as a server does: whoever operates it finds the traces of errors there."""
    _log(settings.log_level, logging.Formatter(_FORM))


def log_command(settings: Settings) -> None:
    """Log as a command does: one line for what it does not tell itself; more only for those who ask for it."""
    if settings.log_level in {"debug", "info"}:
        log_server(settings)
    else:
        _log("error", _OneLine())


class _OneLine(logging.Formatter):
    """Names an error instead of showing where it was raised."""

    def format(self, record: logging.LogRecord) -> str:
        line = record.getMessage()
        if record.exc_info is not None and record.exc_info[1] is not None:
            line += f": {type(record.exc_info[1]).__name__}: {record.exc_info[1]}"
        return f"{record.levelname.lower()}: {' '.join(line.split())}"


def _log(level: str, formatter: logging.Formatter) -> None:
    root = logging.getLogger()
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
