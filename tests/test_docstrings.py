"""Public functions that take or return arrays state shapes and dtypes in their docstrings.

A docstring names a shape such as ``[N, E]``, or says "scalar" or "any shape". It also names a dtype
where the annotations leave it open, as ``ArrayLike`` or ``NDArray[Any]`` do.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

ARRAY = re.compile(r"\b(?:NDArray|ArrayLike)\b")
OPEN_DTYPE = re.compile(
    r"\bArrayLike\b|\bNDArray\[(?:Any|np\.(?:generic|number|floating|integer)\b[^\]]*)\]"
)
# Not an index (`ends[0]`), and not a range (`in [0, 1]`).
SHAPE = re.compile(r"(?<!\w)(?<!in )\[(?![-0])[\w .,+*/()-]+\]|\bscalar\b|\bany shape\b")
DTYPE = re.compile(r"\b(?:u?int(?:8|16|32|64)?|float(?:16|32|64)?|bool|any dtype)\b", re.I)


class Annotations:
    """Annotations of several modules, with their type aliases written out.

    Args:
        modules: source of each module by dotted name.
    """

    def __init__(self, modules: dict[str, str]) -> None:
        self.trees = {name: ast.parse(source) for name, source in modules.items()}
        self._aliases: dict[tuple[str, str], str] = {}
        self._imports: dict[tuple[str, str], tuple[str, str]] = {}
        for module, tree in self.trees.items():
            for node in tree.body:
                match node:
                    case ast.ImportFrom(module=str(source)):
                        for name in node.names:
                            self._imports[module, name.asname or name.name] = source, name.name
                    case (
                        ast.Assign(targets=[ast.Name(id=name)], value=ast.Subscript() as value)
                        | ast.AnnAssign(target=ast.Name(id=name), value=ast.Subscript() as value)
                    ):
                        self._aliases[module, name] = ast.unparse(value)

    def written_out(self, module: str, text: str) -> str:
        """`text`, an annotation in `module`, without aliases of these modules."""
        return re.sub(r"\b[A-Z]\w*", lambda match: self._name(module, match.group()), text)

    def _name(self, module: str, name: str) -> str:
        while (module, name) in self._imports:
            module, name = self._imports[module, name]
        if (module, name) in self._aliases:
            return self.written_out(module, self._aliases[module, name])
        return name

    def of(self, module: str, function: ast.FunctionDef) -> str:
        """What `function` takes and returns, without aliases."""
        arguments = function.args
        every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
        every += [each for each in (arguments.vararg, arguments.kwarg) if each is not None]
        texts = [ast.unparse(a) for a in (*[e.annotation for e in every], function.returns) if a]
        return self.written_out(module, ", ".join(texts))


def public_functions(
    body: list[ast.stmt], prefix: str = ""
) -> Iterator[tuple[str, ast.FunctionDef]]:
    """Public functions and methods, with their dotted names; an overload has no docstring."""
    for node in body:
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield from public_functions(node.body, f"{prefix}{node.name}.")
        elif isinstance(node, ast.FunctionDef):
            overload = any(ast.unparse(each) == "overload" for each in node.decorator_list)
            if not overload and (node.name == "__call__" or not node.name.startswith("_")):
                yield prefix + node.name, node


def faults(modules: dict[str, str]) -> list[str]:
    """Functions of these modules with arrays whose docstring lacks a shape or a dtype."""
    annotations = Annotations(modules)
    found = []
    for module, tree in annotations.trees.items():
        for name, function in public_functions(tree.body):
            types = annotations.of(module, function)
            if not ARRAY.search(types):
                continue
            text = ast.get_docstring(function) or ""
            if not SHAPE.search(text):
                found.append(f"{module}.{name} (line {function.lineno}) states no shape")
            if OPEN_DTYPE.search(types) and not DTYPE.search(text):
                found.append(f"{module}.{name} (line {function.lineno}) states no dtype")
    return found


def test_public_functions_with_arrays_state_shape_and_dtype() -> None:
    paths = [
        path for folder in ("dlnlp", "train") for path in sorted((ROOT / folder).rglob("*.py"))
    ]
    modules = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts): path.read_text(encoding="utf-8")
        for path in paths
    }
    assert "dlnlp.schedules._cycles" in modules and "train.evaluation" in modules
    assert faults(modules) == []


ALIASES = "Floats = NDArray[np.float32]\nReals = NDArray[np.floating[Any]]\n"


@pytest.mark.parametrize(
    ("source", "missing"),
    [
        ('def f(x: NDArray[np.float32]) -> int:\n    "Rows."', ["shape"]),
        ('def f() -> list[NDArray[np.float32]]:\n    "Rows."', ["shape"]),
        ("def f(x: NDArray[np.float32]) -> int: ...", ["shape"]),
        ('def f(x: NDArray[np.float32]) -> int:\n    "Values in [0, 1]."', ["shape"]),
        ('def f(x: NDArray[np.float32]) -> int:\n    "From ends[0] to ends[1]."', ["shape"]),
        ('def f(x: NDArray[Any]) -> int:\n    "Rows [N, E]."', ["dtype"]),
        ('def f(*, x: ArrayLike) -> int:\n    "Rows [N, E]."', ["dtype"]),
        ('def f(*x: NDArray[np.integer[Any]]) -> int:\n    "Rows."', ["shape", "dtype"]),
        (
            'class A:\n    def __call__(self, x: NDArray[np.int8]) -> int:\n        "Rows."',
            ["shape"],
        ),
        ('def f(x: Floats) -> int:\n    "Rows."', ["shape"]),
        ('def f(x: Reals) -> int:\n    "Rows [N]."', ["dtype"]),
        ('def f(x: Callable[[Floats], int]) -> int:\n    "Asks."', ["shape"]),
    ],
)
def test_a_fault_is_found(source: str, missing: list[str]) -> None:
    found = faults({"a": ALIASES, "b": f"from a import Floats, Reals\n{source}"})
    assert [fault.rsplit(" ", 1)[1] for fault in found] == missing


@pytest.mark.parametrize(
    "source",
    [
        'def f(x: NDArray[np.float32]) -> int:\n    "Rows ``[N, E]``."',
        'def f(x: NDArray[Any]) -> int:\n    "Rows, float32 ``[..., E]``."',
        'def f(x: ArrayLike) -> NDArray[np.float64]:\n    "Roots, float64, of any shape."',
        'def f(x: Reals) -> int:\n    "Float ``[2h + 1]``."',
        'def f(x: Floats) -> int:\n    "Pictures ``[28, 28]`` in [0, 1]."',
        'def f(x: float) -> int:\n    "No array."',
        "def _f(x: NDArray[np.float32]) -> int: ...",
        "class _A:\n    def f(self, x: NDArray[np.float32]) -> int: ...",
        "@overload\ndef f(x: NDArray[Any]) -> int: ...",
    ],
)
def test_a_stated_shape_and_dtype_pass(source: str) -> None:
    assert faults({"a": ALIASES, "b": f"from a import Floats, Reals\n{source}"}) == []
