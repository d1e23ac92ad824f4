"""Training a HAN our way against the origin's way, in turn, in one run.

    python -m benchmarks.han_training [--documents 12800] [--rounds 5] [--units 50] [--rows 512]

Both sides read the same documents of a prepared corpus once, from the same initial weights, with
the same optimizer and schedule, each in a process of its own that waits while the other works:
ours in packed batches (`train.texts.han_fitting`, JAX; `--rows` of 50 words each), the origin's in
padded ones parsed from text files (`benchmarks.origin_han`, TensorFlow). A rate suits a size of
batch: ours is larger, and its rate as many times larger (Goyal et al. 2017, "Accurate, Large
Minibatch SGD"). Ours reads up to 64 sentences of a document, the origin's 20. Ours takes memory in
huge pages, as `train.han` does; the origin's with `--huge-pages`. The first round, in which both
compile, counts for the loss and not for the times.
"""

import argparse
import multiprocessing
import os
import resource
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlnlp.commands.options import Parser, seed, share, whole
from dlnlp.commands.options import number as number_option
from dlnlp.corpus import Corpus
from dlnlp.corpus.splits import Split
from train.huge_pages import TUNABLE


@dataclass
class Work:
    """What a side did: counts, seconds of the clock, and seconds of all its threads."""

    documents: int = 0
    tokens: int = 0
    positions: int = 0
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    losses: list[float] = field(default_factory=list)

    def __add__(self, other: "Work") -> "Work":
        """Both together."""
        return Work(*(getattr(self, n) + getattr(other, n) for n in self.__dataclass_fields__))


class Chosen:
    """Some documents of a split, as a split."""

    def __init__(self, split: Split, documents: NDArray[np.int64]) -> None:
        self._split, self.documents = split, documents
        self.labels = split.labels[documents].astype(int)
        self.token_counts = split.token_counts[documents]
        self.sentence_counts = split.sentence_counts[documents]

    def __len__(self) -> int:
        """Number of documents."""
        return len(self.documents)

    def tokens(self, index: int) -> NDArray[np.uint16]:
        """As `Split.tokens`."""
        return self._split.tokens(int(self.documents[index]))

    def sentence_lengths(self, index: int) -> NDArray[np.uint8]:
        """As `Split.sentence_lengths`."""
        return self._split.sentence_lengths(int(self.documents[index]))


def chosen(options: argparse.Namespace) -> tuple[Corpus, Chosen, Chosen]:
    """The corpus, the documents to train on, and those to judge by."""
    corpus = Corpus(options.corpus)
    rng = np.random.default_rng(options.seed)
    parts = []
    for name, count in (("train", options.documents), ("validation", options.held_out)):
        split = corpus.split(name)
        parts.append(Chosen(split, rng.choice(len(split), min(count, len(split)), replace=False)))
    return corpus, parts[0], parts[1]


def cross_entropy(logits: NDArray[Any], labels: NDArray[Any]) -> float:
    """Mean of -log p(label)."""
    shifted = logits - logits.max(axis=1, keepdims=True)
    logs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return float(-logs[np.arange(len(labels)), labels].mean())


Steps = Callable[[int, int], Work]


def serve(side: str, options: argparse.Namespace, folder: Path, pipe: Connection) -> None:
    """One side in its process: prepares, then does what it is told."""
    os.environ["KERAS_BACKEND"] = {"ours": "jax", "origin": "tensorflow"}[side]
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "2"
    work, evaluate = (ours if side == "ours" else origin)(options, folder)
    pipe.send("ready")
    while (command := pipe.recv()) is not None:
        if command == "evaluate":
            pipe.send((evaluate(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000))
            continue
        clock, cpu = time.perf_counter(), time.process_time()
        done = work(*command)
        done.seconds = time.perf_counter() - clock
        done.cpu_seconds = time.process_time() - cpu
        pipe.send(done)


def optimizer_of(max_lr: float, steps: int) -> Any:
    """The optimizer of the shipped networks: its rate rises, then falls to 0 at the last step."""
    from train.texts.text_optimizer import warmed_adamw

    return warmed_adamw(steps, max_lr=max_lr, embedding_rate=0.1, weight_decay=0.01)


def ours(options: argparse.Namespace, folder: Path) -> tuple[Steps, Callable[[], float]]:
    """The packed way; also writes the initial weights that the other side takes."""
    from train.texts.han_recipes import RECIPES
    from train.texts.han_fitting import SHAPE, compiled_han, count_tokens  # isort: skip
    from dataclasses import replace

    from benchmarks.origin_han import DOCUMENTS
    from dlnlp.corpus.batching import PackedBatches, PerClassValues
    from dlnlp.models.han import network_weights
    from train.random_seed import set_random_seed
    from train.texts.han_predictions import predict_split

    corpus, documents, held_out = chosen(options)
    targets = PerClassValues.one_hot(documents.labels, len(corpus.class_names))
    shape = SHAPE.of_rows(options.rows)
    batches = PackedBatches(documents, shape, targets, seed=options.seed)  # type: ignore[arg-type]
    plan = batches.plan(0)
    recipe = replace(RECIPES["reviews5"], units=options.units, dropout=options.dropout)
    rate = options.rate * len(documents) / len(plan) / DOCUMENTS
    set_random_seed(options.seed)
    model = compiled_han(corpus, recipe, optimizer_of(rate, len(plan)))
    np.savez(folder / "weights.npz", **network_weights(model))

    def work(part: int, parts: int) -> Work:
        first, last = (len(plan) * p // parts for p in (part, part + 1))
        done = Work()
        for number, (batch, y, weights) in enumerate(batches.epoch(0, first), first):
            if number == last:
                break
            model.reset_metrics()
            loss = float(model.train_on_batch(batch, y, sample_weight=weights))
            done += Work(
                int((weights > 0).sum()),
                count_tokens(batch, weights),
                batch["sentence_ids"].size,
                losses=[loss],
            )
        return done

    def evaluate() -> float:
        logits = predict_split(model, held_out, shape)["logits"]  # type: ignore[arg-type]
        return cross_entropy(logits, held_out.labels)

    return work, evaluate


def origin(options: argparse.Namespace, folder: Path) -> tuple[Steps, Callable[[], float]]:
    """The padded way."""
    import keras

    from benchmarks.origin_han import PaddedHan, read_batch, write_batches
    from dlnlp.models.han import HanConfig
    from train.random_seed import set_random_seed

    corpus, documents, held_out = chosen(options)
    paths = write_batches(corpus.split("train"), documents.documents, folder / "train")
    judged = write_batches(corpus.split("validation"), held_out.documents, folder / "held_out")
    np.random.default_rng(options.seed).shuffle(paths)
    set_random_seed(options.seed)
    config = HanConfig(
        len(corpus.vocabulary),
        len(corpus.class_names),
        units=options.units,
        attention_dim=options.units,
        dropout=options.dropout,
    )
    model = PaddedHan(config)
    with np.load(folder / "weights.npz") as weights:
        model.take_weights(weights, corpus.embeddings())
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    # One graph for all shapes: XLA would compile hundreds.
    optimizer = optimizer_of(options.rate, len(paths))
    model.compile(optimizer=optimizer, loss=loss, jit_compile=False)

    def work(part: int, parts: int) -> Work:
        done = Work()
        first, last = (len(paths) * p // parts for p in (part, part + 1))
        for ids, labels in map(read_batch, paths[first:last]):
            model.reset_metrics()
            value = float(model.train_on_batch(ids, labels))
            done += Work(len(labels), np.count_nonzero(ids), ids.size, losses=[value])
        return done

    def evaluate() -> float:
        found = []
        for ids, labels in map(read_batch, judged):
            logits = model.predict_on_batch(ids)
            found.append((cross_entropy(logits, labels), len(labels)))
        return sum(value * count for value, count in found) / sum(count for _, count in found)

    return work, evaluate


def main(arguments: Sequence[str] | None = None) -> None:
    """Prints the table."""
    parser = Parser(prog="python -m benchmarks.han_training", description=__doc__)
    parser.add_argument("--corpus", type=Path, default=Path("corpora/reviews5"))
    parser.add_argument("--documents", type=whole(), default=12_800)
    parser.add_argument("--held-out", type=whole(), default=2_000)
    parser.add_argument("--rounds", type=whole(), default=5, help="the first is not timed")
    parser.add_argument("--units", type=whole(), default=50)
    parser.add_argument("--rows", type=whole(), default=512, help="of 50 words, in a batch of ours")
    parser.add_argument("--dropout", type=share(), default=0.4)
    parser.add_argument(
        "--rate",
        type=number_option(0, above=True),
        default=2e-3,
        help="peak, of the origin's batches",
    )
    parser.add_argument("--seed", type=seed, default=1)
    parser.add_argument("--huge-pages", action="store_true", help="for the origin's way, too")
    options = parser.parse_args(arguments)
    os.environ.pop("GLIBC_TUNABLES", None)
    context = multiprocessing.get_context("spawn")
    sides: dict[str, tuple[Any, Connection]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for side in ("ours", "origin"):  # the second takes the first's weights
            pipe, other = context.Pipe()
            if side == "ours" or options.huge_pages:
                os.environ["GLIBC_TUNABLES"] = TUNABLE  # for the process to come
            process = context.Process(target=serve, args=(side, options, Path(folder), other))
            process.start()
            os.environ.pop("GLIBC_TUNABLES", None)
            other.close()
            pipe.recv()
            sides[side] = process, pipe
        total = {side: Work() for side in sides}
        print("| round | side | loss | documents/s | real tokens/s | documents/s of CPU |")
        print("|---|---|---|---|---|---|")
        for part in range(options.rounds):
            for side, (_, pipe) in sides.items():
                pipe.send((part, options.rounds))
                done: Work = pipe.recv()
                print(
                    f"| {part} | {side} | {np.mean(done.losses):.4f} | {_speeds(done)} |",
                    flush=True,
                )
                total[side] += done if part else Work()
        answers = {}
        for side, (process, pipe) in sides.items():
            pipe.send("evaluate")
            answers[side] = pipe.recv()
            pipe.send(None)
            process.join()
    print("\n| side | documents/s | real tokens/s | documents/s of CPU | padding | peak memory, MB "
          "| held-out loss |")  # fmt: skip
    print("|---|---|---|---|---|---|---|")
    for side, done in total.items():
        loss, memory = answers[side]
        print(
            f"| {side} | {_speeds(done)} | {1 - done.tokens / done.positions:.1%} "
            f"| {memory:,.0f} | {loss:.4f} |"
        )
    mine, theirs = total["ours"], total["origin"]
    ratio = mine.documents / mine.seconds * theirs.seconds / theirs.documents
    of_cpu = mine.documents / mine.cpu_seconds * theirs.cpu_seconds / theirs.documents
    print(f"\nours / origin: {ratio:.1f} in documents/s, {of_cpu:.1f} in documents/s of CPU")


def _speeds(done: Work) -> str:
    return (
        f"{done.documents / done.seconds:,.0f} | {done.tokens / done.seconds:,.0f} "
        f"| {done.documents / done.cpu_seconds:,.0f}"
    )


if __name__ == "__main__":
    main()
