"""What this app changes in Plotly, before any of it is loaded.

Plotly asks for pandas' types wherever pandas is among the loaded modules: also while another
visitor's script has only begun to load it, and fails for what is not there yet. Here a module is
there when it is whole.
"""

from types import ModuleType

from _plotly_utils import optional_imports

_get_module = optional_imports.get_module


def _whole_module(name: str, should_load: bool = True) -> ModuleType | None:
    found: ModuleType | None = _get_module(name, should_load)
    return None if found is None or getattr(found.__spec__, "_initializing", False) else found


optional_imports.get_module = _whole_module
