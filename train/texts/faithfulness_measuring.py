"""Whether explanations are faithful: the work of ``python -m train.faithfulness``."""

import argparse
import json
import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache, partial
from itertools import combinations
from pathlib import Path
from typing import Any, Literal

# First: it chooses the backend before anything imports Keras.
from train.texts.faithfulness_networks import (  # isort: skip
    UNSIGNED,
    JudgedHan,
    JudgedNetwork,
    Scores,
    open_network,
)

import numpy as np
from numpy.typing import NDArray

from dlnlp import catalogue, temporary
from dlnlp.artifacts import CARD, amend_artifact, json_bytes, open_artifact
from dlnlp.corpus import Corpus
from dlnlp.corpus.splits import Split
from dlnlp.errors import UserError
from dlnlp.explain.faithfulness import ERASER_SHARES, Document, Faithfulness, measure
from dlnlp.explain.leave_one_out import MODES
from dlnlp.explain.rank_correlation import kendall_tau
from dlnlp.pool import ordered_map, spawned
from train.checkpoints import claimed
from train.corpora.trained_on import corpus_of
from train.progress import ProgressBar
from train.provenance import commit, versions
from train.texts import faithfulness_sentences
from train.texts.faithfulness_summary import Record, summary

FILES = {"words": "faithfulness.json", "sentences": "faithfulness_sentences.json"}
RANDOM_ORDERS = 3
# Documents of a chunk: what is lost at most when a run is interrupted.
CHUNK = 20

Part = tuple[list[int], int]
"""Numbers of documents of a split, and the seed of their random rankings."""
Chunk = dict[str, Any]
"""Their records, and the processor seconds they took."""
Chunks = Iterator[Chunk]
Level = Literal["words", "sentences"]


def judge(network: JudgedNetwork, documents: Sequence[Document], seed: int) -> list[Record]:
    """Measure the rankings of some documents.

    Args:
        network: what reads them.
        documents: of any length.
        seed: of the random rankings.

    Returns:
        For each document, JSON-ready: by mode and ranking both measures, floats ``[K]``; ``tau`` by
        pair of rankings, by size where one has no sign; None where one of them is constant.
    """
    predicted, scores = network.explained(documents)
    found = []
    for number, document in enumerate(documents):
        target = int(predicted[number])

        def ask(some: list[Document], target: int = target) -> NDArray[np.float64]:
            return network.probabilities(some)[:, target]

        record: Record = {"tau": _correlations(network.methods, scores[number])}
        for mode in MODES:
            measured = measure(
                document, scores[number], ask, mode,
                shares=ERASER_SHARES, random_orders=RANDOM_ORDERS, seed=seed + number,
            )  # fmt: skip
            record[mode] = _curves(measured)
        found.append(record)
    return found


def _correlations(methods: Sequence[str], scores: Scores) -> dict[str, float | None]:
    found: dict[str, float | None] = {}
    for one, other in combinations(methods, 2):
        a, b = np.asarray(scores[one]), np.asarray(scores[other])
        if UNSIGNED & {one, other}:
            a, b = np.abs(a), np.abs(b)
        tau = kendall_tau(a, b)
        found[f"{one} {other}"] = tau if np.isfinite(tau) else None
    return found


def _curves(measured: Faithfulness) -> dict[str, list[list[float]]]:
    found = {
        name: [curves.comprehensiveness.tolist(), curves.sufficiency.tolist()]
        for name, curves in measured.methods.items()
    }
    return {**found, "random": measured.random.mean(axis=0).tolist()}


def chosen_documents(split: Split, count: int | None, seed: int) -> list[int]:
    """All documents of a split, or a seeded sample in an order of its own."""
    order = np.random.default_rng(seed).permutation(len(split))
    return [int(index) for index in order[:count]]


def judge_parts(
    directory: Path, corpus: Path, level: Level, parts: Iterable[Part], workers: int
) -> Chunks:
    """Judge parts of the test split in order, in as many processes.

    Args:
        directory: of the weights.
        corpus: directory of the prepared corpus.
        level: whether words or whole sentences are ranked.
        parts: numbers of documents, and the seed of their random rankings.
        workers: 1: in this process.
    """
    work = partial(_judge_part, directory, corpus, level)
    if workers == 1:
        yield from map(work, parts)
        return
    with spawned(workers) as pool:
        yield from ordered_map(pool, work, parts, 2 * workers)


def _judge_part(directory: Path, corpus: Path, level: Level, part: Part) -> Chunk:
    network, split = _opened(directory, corpus)
    began = time.process_time()
    numbers, seed = part
    documents = [network.document(split, number) for number in numbers]
    records: Sequence[Record | None]
    if level == "words":
        records = judge(network, documents, seed)
    else:
        han = _with_sentences(network, directory)
        records = faithfulness_sentences.judge_sentences(han, documents, seed, RANDOM_ORDERS)
    return {"records": records, "seconds": time.process_time() - began}


def _with_sentences(network: JudgedNetwork, directory: Path) -> JudgedHan:
    if not isinstance(network, JudgedHan):
        raise UserError(f"{directory} reads no sentences: choose --level words, or a HAN")
    return network


@lru_cache(maxsize=1)
def _opened(directory: Path, corpus: Path) -> tuple[JudgedNetwork, Split]:
    return open_network(directory), Corpus(corpus).split("test")


def run(
    judged: Callable[[Iterable[Part]], Chunks],
    documents: Sequence[int],
    seed: int,
    key: str,
    state: Path,
) -> Chunks:
    """Measure documents a chunk at a time; chunks that `state` holds for this `key` come first.

    Args:
        judged: measures parts, in order.
        documents: their numbers in the split.
        seed: of the random rankings of the first one.
        key: what the results depend on.
        state: file of the chunks that were measured; each is there as soon as it is yielded.

    Yields:
        The records of a chunk, and the processor seconds they took.
    """
    starts = range(0, len(documents), CHUNK)
    parts = [(list(documents[start : start + CHUNK]), seed + start) for start in starts]
    kept: list[Chunk] = []
    for chunk, (numbers, _) in zip(_kept(state, key), parts, strict=False):
        if len(chunk["records"]) != len(numbers):
            break  # the last of a smaller sample
        kept.append(chunk)
    state.parent.mkdir(parents=True, exist_ok=True)
    lines = [json.dumps(line) + "\n" for line in ({"key": key}, *kept)]
    with temporary.beside(state) as fresh:
        fresh.write_text("".join(lines), encoding="utf-8")
        os.replace(fresh, state)
    yield from kept
    with state.open("a", encoding="utf-8") as file:
        for chunk in judged(parts[len(kept) :]):
            file.write(json.dumps(chunk) + "\n")
            file.flush()
            yield chunk


def _kept(state: Path, key: str) -> list[Chunk]:
    """Chunks of an interrupted run; a half-written last line is left out."""
    try:
        lines = state.read_text(encoding="utf-8").splitlines(keepends=True)
        if not lines or json.loads(lines[0]).get("key") != key:
            return []
        return [json.loads(line) for line in lines[1:] if line.endswith("\n")]
    except (OSError, ValueError):
        return []


def directory_of(name: str, weights: Path) -> Path:
    """Directory of a network: in `weights`, else among one's own.

    Raises:
        UserError: the name is a path, or the network reads no texts.
    """
    if Path(name).name != name:
        raise UserError(f"--model {name!r} is no name: give that of a network")
    own = catalogue.own_folder() / name
    directory = own if own.is_dir() and not (weights / name).exists() else weights / name
    if catalogue.kind(directory) not in (*catalogue.TEXT_KINDS, None):
        raise UserError(f"{directory} reads no texts: choose a HAN or a Kim CNN")
    return directory


def measure_model(options: argparse.Namespace) -> None:
    """Measure all documents, write the record beside the weights.

    Args:
        options: of the command.
    """
    directory, level = directory_of(options.model, options.weights), options.level
    opened = open_artifact(directory)
    corpus = corpus_of(opened, options.corpora, options.corpus)
    network, split = _opened(directory, corpus.path)
    documents = chosen_documents(split, options.documents, options.seed)
    weights = {name: opened.card["files"][name] for name in ("network.onnx", "embeddings.npy")}
    methods, about = network.methods, network.about
    if level == "sentences":
        _with_sentences(network, directory)
        methods, about = faithfulness_sentences.METHODS, faithfulness_sentences.ABOUT
    key = f"{weights} {options.seed} {RANDOM_ORDERS} {CHUNK} {methods} {about}"
    records: list[Any] = []
    seconds = 0.0
    state = options.state / f"{options.model}{'' if level == 'words' else '_sentences'}.jsonl"
    judged = partial(judge_parts, directory, corpus.path, level, workers=options.workers)
    with (
        claimed(state),
        ProgressBar(total=len(documents), desc=options.model, unit=" reviews") as bar,
    ):
        for chunk in run(judged, documents, options.seed, key, state):
            records += chunk["records"]
            seconds += chunk["seconds"]
            bar.update(len(chunk["records"]))
    record = {
        "model": options.model,
        "split": "test",
        "documents": len(documents),
        "of": len(split),
        "sample_seed": options.seed if len(documents) < len(split) else None,
        "class": "the predicted one",
        "random_orders": RANDOM_ORDERS,
        "methods": list(methods),
        "about": about,
        "weights": weights,
        "processor_seconds_a_document": round(seconds / len(documents), 4),
        "versions": versions(),
        "commit": commit(),
    }
    if level == "words":
        record |= {"shares": list(ERASER_SHARES), **summary(records, methods)}
    else:
        record |= faithfulness_sentences.sentence_summary(records)
    file = FILES[level]
    amend_artifact(open_artifact(directory), {}, {file: json_bytes(record)})
    print(f"{directory / file}: {len(documents):,} documents; {CARD} is up to date")
