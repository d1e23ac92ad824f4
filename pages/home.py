"""Home: what there is to explore, one card a page."""

import streamlit as st

from dlnlp.ui.navigation import PAGES, PageEntry, require_frame

require_frame()


def card(entry: PageEntry) -> None:
    """Shows what a page is about, one thing to try there, and the way in."""
    with st.container(border=True, height="stretch"):
        st.subheader(f"{entry.icon} {entry.title}", anchor=False)
        st.markdown(entry.summary)
        st.markdown(f"{entry.example}  \n*{entry.invitation}*")
        st.page_link(entry.path, label=f":blue[**Open {entry.title} →**]")


st.title("See what a network reads", anchor=False)
st.markdown(
    "Give a small neural network something to judge. It answers at once, and shows where it "
    "looked: every weight on these pages is computed from what you typed."
)

per_row = min(len(PAGES), 2)
for start in range(0, len(PAGES), per_row):
    for column, entry in zip(st.columns(per_row), PAGES[start : start + per_row], strict=False):
        with column:
            card(entry)

st.subheader("What this is", anchor=False)
st.markdown(
    "A working companion to A. Tixier's notes: classic networks, written anew, trained from "
    "scratch on a small computer and shipped with their weights. They run on the machine that "
    "serves this page; what you paste goes nowhere else. How each was trained, and how often it "
    "errs, stands on its page."
)
st.markdown(
    ":small[Tixier, A. J.-P. (2018). *Notes on Deep Learning for NLP*. "
    "[arXiv:1808.09772](https://arxiv.org/abs/1808.09772)]  \n"
    ":small[Yang, Z., Yang, D., Dyer, C., He, X., Smola, A. and Hovy, E. (2016). *Hierarchical "
    "Attention Networks for Document Classification*. NAACL-HLT, 1480–1489. "
    "[N16-1174](https://aclanthology.org/N16-1174/)]"
)
