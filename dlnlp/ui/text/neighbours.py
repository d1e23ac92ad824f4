"""The map of test documents and the list of those that lie nearest to the pasted review."""

from concurrent.futures import Future
from typing import Any

import streamlit as st

from dlnlp import datasets
from dlnlp.inference import TextPredictor
from dlnlp.inference.document_map import Neighbour
from dlnlp.ui.shell import charts
from dlnlp.ui.shell.background import MAX_CHARACTERS, document_texts
from dlnlp.ui.shell.chart import draw_chart
from dlnlp.ui.shell.download_offer import download_offer
from dlnlp.ui.shell.loading import Reading
from dlnlp.ui.shell.tables import table
from dlnlp.ui.shell.turns import fragment

PREVIEW = 300


def document_map(predictor: TextPredictor, reading: Reading[Any]) -> None:
    """Draw the map, the review as a cross and its neighbours ringed."""
    chart = charts.map_figure(
        predictor.document_map,
        predictor.class_names,
        reading.position,
        [neighbour.index for neighbour in reading.neighbours],
    )
    draw_chart(
        chart,
        key="han_map",
        alt="Scatter of test documents on two principal axes, coloured by their true class; "
        "the pasted review is a cross.",
    )
    labels = predictor.document_map.labels
    drawn = len(charts.shown_points(labels))
    some = f"{drawn:,} of them drawn; " if drawn < len(labels) else ""
    st.caption(
        f"{len(labels):,} reviews that the network never saw in training ({some}colour: what "
        "their writers gave). Each is the network's document vector, laid flat by a principal "
        "component analysis. Rings: the nearest."
    )


def _facts(predictor: TextPredictor, neighbour: Neighbour) -> dict[str, str]:
    places, index = predictor.document_map, neighbour.index
    return {
        "true": predictor.class_names[places.labels[index]],
        "predicted": predictor.class_names[places.predictions[index]],
        "similarity": f"{neighbour.similarity:.3f}",
        "test document": f"{int(places.rows[index]):,}",
    }


def nearest_documents(predictor: TextPredictor, reading: Reading[Any]) -> None:
    """List the neighbours: what their writers gave and what the network predicted."""
    if not reading.neighbours:
        st.write("Paste a review to see which reviews the network takes for its like.")
        return
    facts = [_facts(predictor, neighbour) for neighbour in reading.neighbours]
    table(facts)
    st.caption(
        "Similarity: cosine of the angle between two document vectors, seen from the map's origin; "
        "1 is the same direction."
    )


def neighbour_texts(predictor: TextPredictor, reading: Reading[Any]) -> None:
    """Show what the neighbours say, or how their texts can be had."""
    dataset = str(predictor.card.get("dataset", ""))
    if dataset not in datasets.DATASETS or not reading.neighbours:
        return
    texts = _texts(predictor, dataset)
    if texts is None:
        download_offer(
            dataset, "neighbours", "The texts of these reviews are not part of this app."
        )
    elif not texts.done():
        _wait_for_texts(texts)
    elif error := texts.exception():
        st.text(f"The texts of the neighbours cannot be shown. {error}")
    else:
        known = texts.result()
        for neighbour in reading.neighbours:
            row = int(predictor.document_map.rows[neighbour.index])
            if row in known:
                _entry(_facts(predictor, neighbour), known[row])


def _entry(facts: dict[str, str], text: str) -> None:
    text = text.replace("<br />", "\n")  # IMDB's line breaks
    with st.container(border=True, gap="small"):
        st.markdown("**{true}**, predicted {predicted} · document {test document}".format(**facts))
        preview = " ".join(text[:PREVIEW].split())
        st.text(preview + (" …" if len(text) > PREVIEW else ""))
        if len(text) > PREVIEW:
            with st.expander("The whole review"):
                st.text(text[:MAX_CHARACTERS] + (" …" if len(text) > MAX_CHARACTERS else ""))


def _texts(predictor: TextPredictor, dataset: str) -> Future[dict[int, str]] | None:
    path = datasets.find(dataset)
    if path is None:
        return None
    rows = tuple(predictor.document_map.rows.tolist())
    return document_texts(dataset, str(path), path.stat().st_mtime, rows, predictor.name)


@fragment(run_every=0.5)
def _wait_for_texts(texts: Future[dict[int, str]]) -> None:
    if texts.done():
        st.rerun()
    st.caption(
        "The texts of the nearest reviews are being read from the data set on this machine …"
    )
