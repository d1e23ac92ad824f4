"""Training commands at a size for tests: ``python -m tests.train.small_command NAME ARGUMENTS``.

NAME is `prepare`, `own`, `han`, `kim_cnn` or `mnist_cnn`; the arguments are the command's own.
Batches, networks, digits are small; all else is the command. `--without-tensorflow` in front makes
``import tensorflow`` fail, `--file-limit BYTES` ends every file there, as a full disk does.
"""

import importlib.abc
import importlib.machinery
import resource
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from types import ModuleType
from typing import TYPE_CHECKING

from dlnlp.commands.ending import process

if TYPE_CHECKING:
    from dlnlp.corpus.splits import Split
    from train.texts.own_recipes import HanPlan, KimPlan


class NoTensorflow(importlib.abc.MetaPathFinder):
    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if name.split(".")[0] == "tensorflow":
            raise ImportError("TensorFlow is not here")
        return None


def prepare() -> Callable[[list[str]], int]:
    from train.corpora import encoding
    from train.prepare import main

    encoding.CHUNK = 32
    return main


def own() -> Callable[[list[str]], int]:
    from train.own import main
    from train.texts import own_training
    from train.texts.own_recipes import han_plan, kim_plan

    def small_han(name: str, train: "Split") -> "HanPlan":
        plan = han_plan(name, train)
        return replace(plan, recipe=replace(plan.recipe, units=4, epochs=3))

    def small_kim(train: "Split") -> "KimPlan":
        plan = kim_plan(train)
        return replace(plan, recipe=replace(plan.recipe, filters=4, epochs=3))

    own_training.han_plan, own_training.kim_plan = small_han, small_kim
    return main


def han() -> Callable[[list[str]], int]:
    from dlnlp.corpus.packing import BatchShape
    from train.han import main
    from train.texts import han_training

    shape = BatchShape(rows=16, grid_rows=3, documents=24, distinct=512)
    han_training.SHAPE = han_training.SMALL_SHAPE = shape
    return main


def kim_cnn() -> Callable[[list[str]], int]:
    from train.kim_cnn import main
    from train.texts import kim_cnn_training as kim_cnn

    small = replace(
        kim_cnn.RECIPE, widths=(1, 2), filters=4, max_tokens=24, epochs=1, positions=192
    )
    kim_cnn.RECIPE, kim_cnn.ORIGIN = small, replace(small, variant="static")
    return main


def mnist_cnn() -> Callable[[list[str]], int]:
    from dlnlp.models.mnist_cnn import MnistCnnConfig
    from tests.small_digits import small_digits
    from train.digits import mnist_cnn_artifact, mnist_cnn_fitting
    from train.digits import mnist_cnn_training as mnist_cnn
    from train.digits.mnist_cnn_artifact import save_artifact
    from train.digits.mnist_cnn_fitting import MnistData
    from train.digits.written_digits import ways_of_writing
    from train.mnist_cnn import main

    config = MnistCnnConfig(filters=(4, 4, 4, 4, 4), embedding=8)
    mnist_cnn.RECIPE = replace(mnist_cnn.RECIPE, config=config, epochs=1, batch_size=16)
    branches = replace(mnist_cnn.ORIGIN_RECIPE.config, filters=(2, 2))
    mnist_cnn.ORIGIN_RECIPE = replace(
        mnist_cnn.ORIGIN_RECIPE, config=branches, epochs=1, batch_size=16
    )
    mnist_cnn_fitting.WRITTEN = 10
    parts = [small_digits(count, seed) for seed, count in enumerate((320, 50, 60))]
    data = MnistData(*(array for part in parts for array in part), "0" * 64)
    mnist_cnn.read_data = lambda: data
    mnist_cnn.save_artifact = partial(save_artifact, per_kind=5)
    mnist_cnn_artifact.ways_of_writing = partial(ways_of_writing, count=10)
    return main


def run(arguments: list[str]) -> int:
    if arguments[0] == "--without-tensorflow":
        sys.meta_path.insert(0, NoTensorflow())
        arguments = arguments[1:]
    if arguments[0] == "--file-limit":
        limit = int(arguments[1])
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
        arguments = arguments[2:]
    commands = {
        "prepare": prepare,
        "own": own,
        "han": han,
        "kim_cnn": kim_cnn,
        "mnist_cnn": mnist_cnn,
    }
    return commands[arguments[0]]()(arguments[1:])


if __name__ == "__main__":
    sys.exit(process(lambda: run(sys.argv[1:])))
