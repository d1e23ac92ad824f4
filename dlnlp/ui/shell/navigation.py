"""The list of pages, and the frame (navigation, title) that every page is shown in.

A new page is one file in ``pages/`` and one entry in ``PAGES``. A page knows nothing of the others;
its first statement after the imports is ``require_frame()``.

Why pages must ask for their frame: when a fresh server finds a ``pages/`` folder, Streamlit (1.67)
takes the app for one of its older kind until some session has called ``st.navigation``. The first
visitor of ``/han`` then gets ``pages/han.py`` run alone, without entry point, navigation or
title. ``st.navigation`` switches that off for the whole process, so a page that finds itself
outside the frame calls it once and reruns. The URL of a page must stay equal to its file's stem:
in that first run Streamlit knows a page by its stem only.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import streamlit as st

from dlnlp import logs
from dlnlp.ui.lessons import bar as lesson_bar
from dlnlp.ui.shell import way_back
from dlnlp.ui.shell.page_scripts import script_of
from dlnlp.ui.shell.streamlit_internals import STYLE, StreamlitPage
from dlnlp.ui.shell.training_setting import setting

_IN_FRAME = "dlnlp.navigation.in_frame"
_FAVICON = Path(__file__).with_name("favicon.svg")


@dataclass(frozen=True, slots=True)
class PageEntry:
    """What the navigation and the home page say about a page.

    Attributes:
        stem: name of the file in ``pages/`` without ``.py``; also the URL.
        title: title in the navigation, on the home page's card and in the browser's tab.
        icon: a Material symbol, whose font Streamlit carries; an emoji needs one of the system's.
        summary: what the page shows, in a sentence or two.
        example: a line that makes one curious (markdown).
        invitation: one concrete thing to try there, with that line.
        layout: "centered" for a page of text.
    """

    stem: str
    title: str
    icon: str
    summary: str = ""
    example: str = ""
    invitation: str = ""
    layout: Literal["centered", "wide"] = "wide"

    @property
    def path(self) -> Path:
        """The page's script."""
        return script_of(self.stem)


HOME = PageEntry("home", "Home", ":material/home:")
PAGES: tuple[PageEntry, ...] = (
    PageEntry(
        "han",
        "Hierarchical attention",
        ":material/account_tree:",
        "A network reads a review as people do: words make sentences, sentences make a review. "
        "It gives one to five stars and shades the words and the sentences it attended to.",
        "The sound is :yellow-background[wonderful]. "
        "But the battery :yellow-background[died] within a week.",
        "Which sentence weighs more? Paste it, then swap the two.",
    ),
    PageEntry(
        "kim_cnn",
        "Kim CNN",
        ":material/movie:",
        "Hundreds of small filters slide over a film review; each looks for one kind of phrase and "
        "votes. Their votes add up to the logit exactly, so you can see who said what.",
        "It is :orange-background[not funny], and yet :blue-background[not bad at all].",
        "Can it tell the two apart? Set it a trap.",
    ),
    PageEntry(
        "mnist_cnn",
        "Digits",
        ":material/draw:",
        "Draw a digit with mouse, pen or finger; a convolutional network answers when you lift it. "
        "See how your drawing is prepared, what each layer makes of it, and which ink counts.",
        "Is a seven with a bar still a :blue-background[7]? And a nine like a "
        ":orange-background[g]?",
        "Draw one that fools it.",
    ),
    PageEntry(
        "schedules",
        "Schedules",
        ":material/show_chart:",
        "How fast should a network learn, and when? Set up to four schedules, copy them as code, "
        "and let them race: a small network learns handwritten digits under each of them, live.",
        "Rise :blue-background[ten-fold], then fall to nothing: :blue-background[one cycle].",
        "Does a warm-up matter? Let three of them race.",
    ),
    PageEntry(
        "train",
        "Train your own",
        ":material/model_training:",
        "Give it a table of your own texts and labels: a small network learns them in about a "
        "minute, and a text of your choice is shaded anew as its attention forms. Then explore it "
        "on all pages.",
        "A column of texts, a column of labels → :blue-background[a network of your own].",
        "What will it look at? Watch its attention form.",
    ),
    PageEntry(
        "batch",
        "Batch prediction",
        ":material/table_view:",
        "A hundred reviews, or five thousand? Upload them as a table: a network reads them all, "
        "adds a label and its probability to each, and says which rows it could not read.",
        "id, text → id, text, :blue-background[label], :blue-background[probability]",
        "How many are positive, and how sure is it? Upload a CSV.",
    ),
    PageEntry(
        "models",
        "Models",
        ":material/leaderboard:",
        "How often does each of them err, next to simpler models on the same test? All model "
        "cards: accuracy with its interval, other random starts, calibration, data, limits.",
        "One star in three is wrong; one digit in :blue-background[three hundred].",
        "Can you believe it when it says 90 %?",
    ),
)
# Addresses that pages had before: each leads to its page, and no list shows it.
FORMER: tuple[PageEntry, ...] = (PageEntry("score", "Batch prediction", ":material/table_view:"),)


def pages() -> tuple[PageEntry, ...]:
    """Those that this server shows besides the home page."""
    return tuple(entry for entry in PAGES if entry.stem != "train" or setting() != "off")


def navigate() -> StreamlitPage:
    """Builds the frame (navigation, title and layout) and returns the page to run.

    The entry point calls it in every run. The title is the running page's: a fixed one would
    cover every page's own.
    """
    logs.configure()
    st.session_state[_IN_FRAME] = True
    # Set before the navigation: else the browser would fetch the running page's symbol from a host
    # of fonts, to show it in its tab.
    st.set_page_config(page_icon=str(_FAVICON))
    shown = {entry: _page(entry) for entry in (HOME, *PAGES, *FORMER)}
    page = st.navigation(list(shown.values()), position="top")
    entry = next(entry for entry, candidate in shown.items() if candidate is page)
    st.set_page_config(f"{entry.title} · dlnlp", layout=entry.layout)
    st.html(STYLE)
    way_back.line(entry.stem)
    lesson_bar.line(entry.stem)
    return page


def _page(entry: PageEntry) -> StreamlitPage:
    return st.Page(
        entry.path,
        title=entry.title,
        icon=entry.icon,
        default=entry is HOME,
        visibility="hidden" if entry in FORMER or entry not in (HOME, *pages()) else "visible",
    )


def require_frame() -> None:
    """Reruns through the entry point if the page was started without it.

    The first statement of every page. In a session whose entry point has run it does nothing.
    """
    if _IN_FRAME not in st.session_state:
        navigate()
        st.rerun()
