"""A button that fetches a data set, its progress, and a way to stop it."""

import streamlit as st

from dlnlp import datasets
from dlnlp.ui.shell.background import Download, download_of
from dlnlp.ui.shell.turns import fragment


def download_offer(dataset: str, place: str, why: str) -> None:
    """Draw what is missing and the button; while the data set is on its way, its progress.

    Args:
        dataset: Name of a data set.
        place: Where on the page this stands, for the widgets' keys.
        why: A sentence above the button: what the page would do with the data.
    """
    spec = datasets.DATASETS[dataset]
    if spec.url is None:
        st.caption(
            f"{why} The data set {dataset} has no published address and is not on this machine. "
            "Everything else on this page works without it."
        )
        return
    job = download_of(dataset)
    if job.running:
        _watch(job, place)
        return
    size = f", {spec.size_bytes / 1e6:.0f} MB" if spec.size_bytes else ""
    st.caption(why)
    st.button(
        f"Download the data set ({dataset}{size})", key=f"download {place}", on_click=job.start
    )
    if job.error:
        st.text(job.error)


@fragment(run_every=0.5)
def _watch(job: Download, place: str) -> None:
    if not job.running:
        st.rerun()
    share = min(job.done / job.total, 1.0) if job.total else 0.0
    st.progress(share, text=f"Downloading {job.dataset}: {job.done / 1e6:.1f} MB")
    st.button("Cancel", on_click=job.cancel, key=f"cancel {place}")
