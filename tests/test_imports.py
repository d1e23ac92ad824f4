"""The directions of import, and the wall that keeps Keras out of the app's process.

Modules belong to groups (by their longest known prefix); a group names what it may import. A new
module of `dlnlp` without a group fails the test: give it a place here.
"""

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from dlnlp.ui.shell.navigation import HOME, PAGES

ROOT = Path(__file__).resolve().parents[1]

GROUPS = {
    "streamlit_app": "app",
    "pages": "app",
    "dlnlp": "package",
    "dlnlp.ui": "ui",
    "dlnlp.inference": "inference",
    "dlnlp.artifacts": "artifacts",
    "dlnlp.cards": "artifacts",
    "dlnlp.catalogue": "artifacts",
    "dlnlp.explain": "explain",
    "dlnlp.figures": "figures",
    "dlnlp.datasets": "datasets",
    "dlnlp.logs": "log",
    "dlnlp.keras_import": "keras import",
    "dlnlp.text": "leaf",
    "dlnlp.tables": "leaf",
    "dlnlp.temporary": "leaf",
    "dlnlp.errors": "leaf",
    "dlnlp.pool": "leaf",
    "dlnlp.examples": "leaf",
    "dlnlp.number_format": "leaf",
    "dlnlp.images": "leaf",
    "dlnlp.schedules": "leaf",
    "dlnlp.corpus": "preparation",
    "dlnlp.models": "models",
    "dlnlp.models.layers": "keras parts",
    "dlnlp.models.jax_functions": "keras parts",
    "dlnlp.training": "training",
    "dlnlp.training.optimizers": "keras parts",
    "dlnlp.training.range_analysis": "leaf",
    "dlnlp.training.range_spread": "leaf",
    "dlnlp.training.loss_smoothing": "leaf",
    "dlnlp.scoring": "scoring",
    "dlnlp.commands": "command",
    "dlnlp.commands.ending": "leaf",
    "dlnlp.commands.options": "leaf",
    "dlnlp.commands.table_arguments": "scoring",
    "dlnlp.__main__": "command",
    "dlnlp.worker": "worker",
    "dlnlp.tasks": "tasks",
    "train": "train",
    "benchmarks": "benchmarks",
}

# Results stand beside what returns them; explain takes them apart.
_SERVING = {"leaf", "artifacts", "explain", "inference"}
_TRAINING = {"leaf", "preparation", "keras parts", "models", "training"}
MAY_IMPORT = {
    "package": set(),
    "log": set(),
    "keras import": set(),
    "leaf": {"leaf"},
    "artifacts": {"leaf", "artifacts"},
    "explain": {"leaf", "artifacts", "inference", "explain"},
    "datasets": {"leaf", "datasets"},
    "inference": {"leaf", "artifacts", "inference"},
    "figures": _SERVING | {"figures"},
    "scoring": _SERVING | {"scoring", "worker"},  # gradients of a HAN come from processes
    "command": _SERVING | {"scoring", "figures", "command"},
    "ui": _SERVING | {"figures", "datasets", "scoring", "ui", "worker", "log"},
    "app": _SERVING | {"datasets", "scoring", "ui", "worker"},
    "worker": {"worker", "log", "keras import"},
    # What runs inside the worker's process: the app names it as text, never imports it.
    "tasks": _TRAINING | _SERVING | {"worker", "tasks"},
    "preparation": {"leaf", "preparation", "datasets"},
    "keras parts": {"leaf", "keras parts"},
    "models": {"leaf", "keras parts", "models"},
    "training": _TRAINING,
    # The worker, too: a page asks it for what `train.own` does.
    "train": _TRAINING
    | _SERVING
    | {"datasets", "scoring", "tasks", "worker", "train", "keras import"},
    "benchmarks": _TRAINING | _SERVING | {"datasets", "scoring", "ui", "train", "benchmarks"},
}

# Folders of `dlnlp.ui` that pages share; each of the others belongs to the page of its name.
SHARED_FOLDERS = {"shell", "text", "tables", "lessons"}

# Packages from outside that only these groups may import.
KERAS_SIDE = {
    "preparation",
    "keras parts",
    "models",
    "training",
    "tasks",
    "train",
    "benchmarks",
}
ONLY_IN = {
    "streamlit": {"app", "ui", "benchmarks"},
    "plotly": {"app", "ui", "benchmarks"},
    "keras": KERAS_SIDE,
    "tensorflow": KERAS_SIDE,
    "jax": KERAS_SIDE,
    "torch": set(),
    "onnx": KERAS_SIDE,
    "gensim": KERAS_SIDE,
    "sklearn": KERAS_SIDE,
    "nltk": {"train", "benchmarks"},
    "typst": {"figures"},
}
OF_LEAVES = {"numpy", "PIL", "dlnlp"} | sys.stdlib_module_names
HEAVY = ("keras", "tensorflow", "jax", "torch")


parsed = cache(ast.parse)


def group_of(module: str) -> str | None:
    """The group of `module` by its longest known prefix; `None` for other people's packages.

    Raises:
        LookupError: a module of `dlnlp` that has no group.
    """
    parts = module.split(".")
    for length in range(len(parts), 0, -1):
        group = GROUPS.get(".".join(parts[:length]))
        if group == "package" and len(parts) > 1:
            raise LookupError(f"{module} has no group: give it a place in GROUPS")
        if group is not None:
            return group
    return None


def imported(source: str) -> Iterator[str]:
    """Dotted names of all that `source` imports, at the top or inside functions.

    `from dlnlp import corpus` gives `dlnlp.corpus` where that is a known module, else `dlnlp`.
    """
    for node in ast.walk(parsed(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0 and node.module, "relative import"
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield inner if inner in GROUPS else node.module


def faults(module: str, source: str) -> list[str]:
    """What `module` with the text `source` imports against the rules."""
    group = group_of(module)
    assert group is not None, f"{module} is no module of this project"
    found = []
    for name in imported(source):
        top = name.split(".")[0]
        other = group_of(name)
        if other is not None and other != "package" and other not in MAY_IMPORT[group]:
            found.append(f"{module} ({group}) imports {name} ({other})")
        if top in ONLY_IN and group not in ONLY_IN[top]:
            found.append(f"{module} ({group}) imports {name}")
        if group == "leaf" and top not in OF_LEAVES:
            found.append(f"{module}: a leaf imports {name}")
    return found


def folder_of(module: str) -> str | None:
    """The page whose folder a module belongs to, or which it draws; None for all others."""
    parts = module.split(".")
    if parts[0] == "pages" and len(parts) == 2:
        return parts[1]
    if parts[:2] == ["dlnlp", "ui"] and len(parts) > 2 and parts[2] not in SHARED_FOLDERS:
        return parts[2]
    return None


def trespasses(module: str, source: str) -> list[str]:
    """What `module` imports out of the folder of another page.

    A page finds what others offer by name: see `live_example_of` and `text_network_of`.
    """
    if not module.startswith(("pages.", "dlnlp.ui.")):
        return []
    found = []
    for node in ast.walk(parsed(source)):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        for name in names:
            if folder_of(name) not in (None, folder_of(module)):
                found.append(f"{module} imports {name}")
    return found


@cache
def sources() -> dict[str, str]:
    """Text of every module of the project (not of its tests), by dotted name."""
    folders = ("dlnlp", "pages", "train", "benchmarks")
    paths = [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]
    names = {}
    for path in [ROOT / "streamlit_app.py", *paths]:
        parts = path.relative_to(ROOT).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        names[name] = path.read_text(encoding="utf-8")
    return names


def test_modules_import_only_what_their_group_may() -> None:
    modules = sources()
    assert {
        "streamlit_app",
        "pages.home",
        "dlnlp",
        "dlnlp.text",
        "dlnlp.ui.shell.navigation",
    } <= set(modules)
    assert [fault for name, text in modules.items() for fault in faults(name, text)] == []


def test_nothing_in_the_folder_of_a_page_is_imported_by_another_page() -> None:
    modules = sources()
    assert {folder_of(name) for name in modules} >= {"home", "han", "batch", "models"}
    assert [each for name, text in modules.items() for each in trespasses(name, text)] == []


def test_backend_is_imported_only_where_keras_offers_no_way() -> None:
    backends = {
        module
        for module, text in sources().items()
        if not module.startswith("benchmarks")
        and any(name.split(".")[0] in ("tensorflow", "jax") for name in imported(text))
    }
    # The second is no network: it turns rows of two matrices in place.
    assert backends == {"dlnlp.models.jax_functions", "train.texts.document_vectors"}


def loaded_after(code: str) -> set[str]:
    """Names in `sys.modules` of a fresh interpreter after `code`."""
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys\nprint(*sys.modules)"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return set(done.stdout.splitlines()[-1].split())


def test_importing_the_package_costs_nothing() -> None:
    assert loaded_after("import dlnlp") - loaded_after("") == {"dlnlp"}


VISIT = """
from streamlit.testing.v1 import AppTest
app = AppTest.from_file("streamlit_app.py", default_timeout=60).run()
for stem in {stems}:
    app.switch_page(f"pages/{{stem}}.py").run()
    assert not app.exception, app.exception
"""


def test_no_page_brings_keras_into_the_process() -> None:
    loaded = loaded_after(VISIT.format(stems=[entry.stem for entry in (HOME, *PAGES)]))
    assert "dlnlp.ui.shell.navigation" in loaded
    assert loaded & set(HEAVY) == set()


def test_only_pages_of_many_rows_bring_pandas_into_the_process() -> None:
    stems = [entry.stem for entry in (HOME, *PAGES) if entry.stem not in ("batch", "models")]
    loaded = loaded_after(VISIT.format(stems=stems))
    assert "plotly" in loaded and "pandas" not in loaded
