"""Real reviews to read: search the test split, draw one, or see what the network gets wrong.

They come from the data set's archive on this machine; nothing of it is part of the project.
"""

from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

import streamlit as st

from dlnlp import datasets
from dlnlp.datasets.searching import ReviewStore
from dlnlp.inference import TextPredictor
from dlnlp.ui.shell.download_offer import download_offer
from dlnlp.ui.shell.numbers import probability
from dlnlp.ui.shell.turns import fragment
from dlnlp.ui.text import review_store, versions
from dlnlp.ui.text.review_page import ReviewPage

# Star reviews have no published address; their archive is read too slowly to search.
SEARCHABLE = ("imdb",)
SHOWN = 20
_LIST_HEIGHT = 330


@dataclass(frozen=True, slots=True)
class Picked:
    """A test review in the text area.

    Attributes:
        row: `Review.row`.
        label: Class that its writer gave.
        text: Its text.
    """

    row: int
    label: int
    text: str


def _put(page: ReviewPage, review: datasets.Review) -> None:
    versions.put(page, review.text, f"Test review {review.row:,}")
    st.session_state[page.key("picked")] = Picked(review.row, review.label, review.text)


def _take(page: ReviewPage, store: ReviewStore, row: int) -> None:
    _put(page, store.review(row))


def _draw(page: ReviewPage, store: ReviewStore) -> None:
    _put(page, store.draw())


def _show_mistakes(page: ReviewPage) -> None:
    st.session_state[page.key("query")] = ""
    st.session_state[page.key("mistakes")] = True


def _show_hits(page: ReviewPage) -> None:
    st.session_state[page.key("mistakes")] = False


def real_reviews(page: ReviewPage, reader: TextPredictor) -> None:
    """Draw a closed panel of test reviews; nothing for a network of another data set.

    Args:
        page: The page whose text a click on a review replaces.
        reader: The network whose mistakes are listed.
    """
    dataset = str(reader.card.get("dataset", ""))
    if dataset not in SEARCHABLE:
        return
    count = datasets.DATASETS[dataset].row_counts["test"]
    panel = st.expander(
        f"Real reviews: search {count:,} that it never learned from",
        key=page.key("real"),
        on_change="rerun",
    )
    if not panel.open:
        return  # the archive is read when somebody asks for it
    with panel:
        store = review_store.review_store(dataset)
        if store is None:
            download_offer(
                dataset, "reviews", "These reviews are other people's and not part of this app."
            )
        elif _there(store, "The reviews are being read from the data set on this machine …"):
            _choose(page, reader, store.result())


def _there(work: Future[Any], meanwhile: str) -> bool:
    """Whether the work is done and well; draws why not."""
    if not work.done():
        _wait(work, meanwhile)
        return False
    if error := work.exception():
        st.text(f"The reviews cannot be shown. {error}")
        return False
    return True


@fragment(run_every=0.5)
def _wait(work: Future[Any], meanwhile: str) -> None:
    if work.done():
        st.rerun()
    st.caption(meanwhile)


def _choose(page: ReviewPage, reader: TextPredictor, store: ReviewStore) -> None:
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        query = st.text_input(
            "Words that a review holds",
            key=page.key("query"),
            max_chars=100,
            placeholder='such as: lighthouse "not bad"',
            on_change=_show_hits,
            args=(page,),
            persist_state="session",
            width=320,
        )
        st.button("Draw one", key=page.key("draw"), on_click=_draw, args=(page, store))
        st.button(
            "Its surest mistakes",
            key=page.key("show mistakes"),
            on_click=_show_mistakes,
            args=(page,),
        )
    if st.session_state.get(page.key("mistakes")):
        _mistakes(page, reader, store)
    elif query and query.strip():
        found = review_store.search(store, query)
        first = f"; the first {len(found.hits)}" if found.total > len(found.hits) else ""
        st.caption(f"Reviews with these words: {found.total:,}{first}.")
        rows = [
            (hit.row, f"Its writer: {reader.class_names[hit.label]}", hit.snippet)
            for hit in found.hits
        ]
        _list(page, store, rows)


def _mistakes(page: ReviewPage, reader: TextPredictor, store: ReviewStore) -> None:
    work = review_store.mistakes(reader, store, reader.name)
    if not _there(work, "The network is reading the reviews that it gets wrong …"):
        return
    found = work.result()
    names = reader.class_names
    st.caption(
        f"Of the {len(reader.document_map.rows):,} test reviews on the map below it gets "
        f"{len(found):,} wrong. It was surest of these; now and then the writer seems to err."
    )
    rows = [
        (
            mistake.row,
            f"Its writer: {names[mistake.label]}. The network: {names[mistake.predicted]}, "
            f"{probability(mistake.probability)}",
            mistake.beginning,
        )
        for mistake in found[:SHOWN]
    ]
    _list(page, store, rows)


def _list(page: ReviewPage, store: ReviewStore, rows: list[tuple[int, str, str]]) -> None:
    """Rows of a review's number, what is known of it, and a part of its text."""
    if not rows:
        return
    with st.container(height=_LIST_HEIGHT, gap="small"):
        for row, known, text in rows:
            with st.container(gap="xsmall"):
                with st.container(horizontal=True, gap="small", vertical_alignment="center"):
                    st.button(
                        "Use this", key=f"take {row}", on_click=_take, args=(page, store, row)
                    )
                    st.caption(known, width="content")
                st.text(text)  # other people's words: never markdown


def writers_label(page: ReviewPage, class_names: tuple[str, ...], predicted: int | None) -> None:
    """Say what the writer of a picked review gave, as long as it is on the page or kept.

    Args:
        page: The page.
        class_names: Names of the network's classes.
        predicted: The network's class for the text on the page, None without one.
    """
    picked: Picked | None = st.session_state.get(page.key("picked"))
    if picked is None or picked.text not in (versions.text(page), versions.kept(page)):
        return
    said = f"Test review {picked.row:,}. Its writer: **{class_names[picked.label]}**."
    if picked.text != versions.text(page):
        said += " You changed its words."
    elif predicted is not None:
        said += " The network agrees." if predicted == picked.label else " The network disagrees."
    st.markdown(said)
