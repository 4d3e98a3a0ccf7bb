"""Finds plugins: one file that ends in `plugin = TheClass`, found by its place or by an entry point."""

import importlib
import pkgutil
from importlib.metadata import entry_points
from types import ModuleType

from goldsmith.errors import PluginError


def load_plugins(package: ModuleType, group: str) -> dict[str, type]:
    """The plugin classes of one kind by name, sorted.

    A file's name is the plugin's name (`near_duplicates.py` is `near-duplicates`); an entry point's is taken as given.

    Args:
        package: the folder's package, such as `goldsmith.refine.stages`.
        group: the entry-point group of other people's plugins, such as `goldsmith.stage`.

    Raises:
        PluginError: a module does not import, has no `plugin` class, or two plugins have one name.
    """
    found: dict[str, type] = {}
    for info in pkgutil.iter_modules(package.__path__):
        if info.name.startswith("_"):
            continue
        name = info.name.replace("_", "-")
        found[name] = _plugin_of(importlib.import_module(f"{package.__name__}.{info.name}"), name)
    for point in entry_points(group=group):
        if point.name in found:
            raise PluginError(f"two plugins of {group} are named {point.name!r}; rename the one in {point.value}.")
        try:
            loaded: object = point.load()
        except ImportError as error:
            raise PluginError(f"plugin {point.name!r} of {group} does not import: {error}") from error
        found[point.name] = _checked(loaded, point.value)
    return dict(sorted(found.items()))


def _plugin_of(module: ModuleType, name: str) -> type:
    if not hasattr(module, "plugin"):
        raise PluginError(f"{module.__name__} has no `plugin = TheClass` line, so {name!r} cannot be used.")
    return _checked(module.plugin, module.__name__)


def _checked(candidate: object, where: str) -> type:
    if not isinstance(candidate, type):
        raise PluginError(f"{where} must name a class as its plugin, not {candidate!r}.")
    return candidate
