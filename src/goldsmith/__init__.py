"""Goldsmith: an open, self-hosted, neutral AI data engine."""

import importlib
from typing import Any

__version__ = "0.1.0"


def __getattr__(name: str) -> Any:  # Any: what a module has; `__init__.pyi` says the types
    """Load what programs use only for those who use it, so that `import goldsmith.refine` stays light."""
    match name:
        case "Client":
            return importlib.import_module("goldsmith.sdk").Client
        case "refine":
            return importlib.import_module("goldsmith.refine")  # the package, which can be called
        case "refine_batches":
            return importlib.import_module("goldsmith.refine.library").refine_batches
        case _:
            pass
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
