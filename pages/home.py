"""Home: what there is to explore, one card a page, each with an example computed here and now."""

import streamlit as st

from dlnlp.ui.home import examples as home_examples
from dlnlp.ui.home.lessons import first_lesson, lesson_list, own_lesson
from dlnlp.ui.shell.live_example import LiveExample
from dlnlp.ui.shell.navigation import PageEntry, pages, require_frame
from dlnlp.ui.shell.turns import aside, fragment

require_frame()

_PAINTED = "home_painted"
ROW = 4  # cards in the first row; on a phone one below the other


def card(entry: PageEntry, example: LiveExample | None) -> None:
    """Shows what a page is about, its example, and the way in."""
    with st.container(border=True, height="stretch"):
        st.subheader(f"{entry.icon} {entry.title}", anchor=False)
        st.markdown(entry.summary)
        if example is None:
            st.markdown(f"{entry.example}  \n*{entry.invitation}*")
        else:
            st.html(example.picture)
            st.markdown(example.answer)
            st.page_link(
                entry.path,
                label=f":blue[**{example.question} →**]",
                query_params=dict(example.query),
            )
        st.page_link(entry.path, label=f":blue[Open {entry.title}]")


@fragment(run_every=0.3)
def live_examples() -> None:
    """Make the examples once the browser has the page, then show them."""
    if st.session_state.get(_PAINTED):
        with aside():  # networks are opened: nobody waits for that
            home_examples.make()
        st.rerun()
    st.session_state[_PAINTED] = True


def page() -> None:
    """Cards and sources."""
    st.title("See what a network reads", anchor=False)
    st.markdown(
        "Give a small neural network something to judge. It answers at once, and shows where it "
        "looked: every number is computed from what you typed."
    )
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.header("Start with one that went astray", anchor=False, width="content")
        st.space("stretch")
        first_lesson()
    examples = home_examples.ready()
    shown = pages()
    for row in (shown[:ROW], shown[ROW:]):
        for column, entry in zip(st.columns(len(row)), row, strict=True):
            with column:
                card(entry, (examples or {}).get(entry.stem))
    st.header("Lessons: guess, then look", anchor=False)
    lesson_list()
    own_lesson()
    st.header("What this is", anchor=False)
    st.markdown(
        "A working companion to A. Tixier's notes: classic networks, written anew, trained from "
        "scratch on a small computer and shipped with their weights. They run on the machine that "
        "serves this page; what you paste goes nowhere else. How each was trained, and how often "
        "it errs, stands on its page."
    )
    st.markdown(
        ":small[Tixier, A. J.-P. (2018). *Notes on Deep Learning for NLP*. "
        "[arXiv:1808.09772](https://arxiv.org/abs/1808.09772)]  \n"
        ":small[Yang, Z., Yang, D., Dyer, C., He, X., Smola, A. and Hovy, E. (2016). *Hierarchical "
        "Attention Networks for Document Classification*. NAACL-HLT, 1480–1489. "
        "[N16-1174](https://aclanthology.org/N16-1174/)]  \n"
        ":small[Kim, Y. (2014). *Convolutional Neural Networks for Sentence Classification*. "
        "EMNLP, 1746–1751. [D14-1181](https://aclanthology.org/D14-1181/)]  \n"
        ":small[LeCun, Y., Bottou, L., Bengio, Y. and Haffner, P. (1998). *Gradient-Based Learning "
        "Applied to Document Recognition*. Proceedings of the IEEE 86 (11), 2278–2324. "
        "[doi:10.1109/5.726791](https://doi.org/10.1109/5.726791)]"
    )
    if examples is None:
        live_examples()


page()
