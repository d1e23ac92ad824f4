"""Public functions that take or return arrays state shapes and dtypes in their docstrings.

A docstring names a shape such as ``[N, E]``, or says "scalar" or "any shape". It also names a dtype
where the annotations leave it open, as ``ArrayLike`` or ``NDArray[Any]`` do.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

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
