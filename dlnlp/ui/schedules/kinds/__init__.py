"""The kinds of schedules that the page offers: one module each, found by its being here.

A module holds `KINDS`, a tuple of :class:`dlnlp.ui.schedules.kind.Kind`; nothing else names them.
"""

import pkgutil
from collections.abc import Mapping
from importlib import import_module

from dlnlp.ui.schedules.kind import Kind

_MODULES = [import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__)]

#: Kinds by name, in the order of their titles.
KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in sorted((kind for m in _MODULES for kind in m.KINDS), key=lambda kind: kind.title)
}
