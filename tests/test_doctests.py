"""The examples in docstrings give what they say."""

import doctest
import importlib
import pkgutil

import pytest

from dlnlp import schedules

MODULES = [
    "dlnlp.schedules",
    *(f"dlnlp.schedules.{module.name}" for module in pkgutil.iter_modules(schedules.__path__)),
    "dlnlp.corpus.batching",
    "dlnlp.corpus.packing",
    "dlnlp.tasks.path_integral",
    "dlnlp.models.layers",
]


@pytest.mark.parametrize("name", MODULES)
def test_examples_of_a_module(name: str) -> None:
    report: list[str] = []
    runner = doctest.DocTestRunner()
    for example in doctest.DocTestFinder().find(importlib.import_module(name)):
        runner.run(example, out=report.append)
    results = runner.summarize(verbose=False)
    assert results.attempted > 0, f"{name} has no example"
    assert results.failed == 0, "".join(report)
