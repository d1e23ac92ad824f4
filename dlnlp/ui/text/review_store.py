"""The test reviews behind a page and a network's mistakes among them, made once in the background.

Reading IMDB's archive takes seconds: it starts when a visitor first asks, and all share the result.
"""

import textwrap
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import streamlit as st

from dlnlp import datasets
from dlnlp.datasets.searching import Found, ReviewStore
from dlnlp.inference import TextPredictor
from dlnlp.inference.attention_result import AttentionResult
from dlnlp.inference.sentiment_result import SentimentResult
from dlnlp.logs import logged

# Texts that the network reads in one run.
_BATCH = 32


@dataclass(frozen=True, slots=True)
class Mistake:
    """A test review that the network takes for something else.

    Attributes:
        row: `Review.row`.
        label: Class that its writer gave.
        predicted: Class that the network gives.
        probability: Probability of that class, in the network's opinion.
        beginning: The first words of the text.
    """

    row: int
    label: int
    predicted: int
    probability: float
    beginning: str


@st.cache_resource(show_spinner=False)
def _workers() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=1, thread_name_prefix="read reviews")


def _load(dataset: str, path: Path) -> ReviewStore:
    rows = range(datasets.DATASETS[dataset].row_counts["test"])
    found = datasets.read_documents(dataset, "test", rows, path=path)

    def drained() -> Iterator[datasets.Review]:  # each text is held once, here or in the store
        for row in list(found):
            yield found.pop(row)

    return ReviewStore(drained())


@st.cache_resource(max_entries=1, show_spinner=False)
def _store_of(dataset: str, path: str, modified: float) -> Future[ReviewStore]:
    return _workers().submit(logged(_load), dataset, Path(path))


def review_store(dataset: str) -> Future[ReviewStore] | None:
    """The test reviews of a data set, on their way or there; None when it is not on this machine.

    The future raises DatasetError for a damaged archive.
    """
    path = datasets.find(dataset)
    return None if path is None else _store_of(dataset, str(path), path.stat().st_mtime)


@st.cache_data(max_entries=64, show_spinner=False, hash_funcs={ReviewStore: id})
def search(store: ReviewStore, query: str) -> Found:
    """`ReviewStore.search`, done once for a query."""
    return store.search(query)


def find_mistakes(reader: TextPredictor, store: ReviewStore) -> tuple[Mistake, ...]:
    """What the network gets wrong among the documents of its map, the surest mistake first.

    The map holds the predictions; how sure they are comes from reading the texts again.
    """
    places = reader.document_map
    wrong = np.flatnonzero(places.labels != places.predictions)
    rows = [int(row) for row in places.rows[wrong] if int(row) in store]
    reviews = [store.review(row) for row in rows]
    found = []
    for first in range(0, len(reviews), _BATCH):
        part = reviews[first : first + _BATCH]
        texts = [review.text for review in part]
        results: Sequence[AttentionResult | SentimentResult] = reader.predict_batch(texts)
        for review, result in zip(part, results, strict=True):
            predicted = int(result.probabilities.argmax())
            if predicted != review.label:
                probability = float(result.probabilities[predicted])
                beginning = textwrap.shorten(review.text, 240, placeholder=" …")
                found.append(Mistake(review.row, review.label, predicted, probability, beginning))
    return tuple(sorted(found, key=lambda mistake: (-mistake.probability, mistake.row)))


@st.cache_resource(max_entries=4, show_spinner=False, hash_funcs={ReviewStore: id})
def mistakes(_reader: TextPredictor, store: ReviewStore, model: str) -> Future[tuple[Mistake, ...]]:
    """`find_mistakes` in the background, once a model; not hashed, `model` stands for it."""
    return _workers().submit(logged(find_mistakes), _reader, store)
