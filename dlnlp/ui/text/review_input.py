"""The input of a page that reads reviews: text area, examples, models, and links that restore it.

Every function takes the `ReviewPage` it draws for.
"""

from collections.abc import Callable, Sequence
from typing import TypeVar

import streamlit as st

from dlnlp.artifacts import ArtifactError
from dlnlp.inference.attention_result import AttentionResult
from dlnlp.inference.sentiment_result import SentimentResult
from dlnlp.ui.shell import loading, permalink
from dlnlp.ui.shell.loading import Reading
from dlnlp.ui.text import examples, review_work, versions
from dlnlp.ui.text.answers import Answer
from dlnlp.ui.text.review_page import ReviewPage

Opened = TypeVar("Opened")
Result = TypeVar("Result", AttentionResult, SentimentResult)

# Streamlit's text area reports its text when it loses focus or on Ctrl+Enter. This reports it
# while one types, after a short pause, by pressing these keys. Without it nothing breaks.
_LIVE_JS = """
const PAUSE_MS = 350, LIVE_LIMIT = 20000;
const live = new Set(); // keys of text areas, whose elements come and go
let timer, listening = false;

function onInput({ target, isComposing }) {
  if (![...live].some((key) => target.closest?.(`.st-key-${CSS.escape(key)}`))) return;
  clearTimeout(timer);
  if (isComposing || target.value.length > LIVE_LIMIT) return;
  timer = setTimeout(() => {
    if (document.activeElement !== target) return; // losing focus has reported it already
    const keys = { key: "Enter", code: "Enter", keyCode: 13, ctrlKey: true, bubbles: true };
    target.dispatchEvent(new KeyboardEvent("keydown", keys));
  }, PAUSE_MS);
}

export default function ({ data }) {
  live.add(data.key);
  if (!listening) document.addEventListener("input", onInput);
  listening = true;
}
"""
_live = st.components.v2.component("dlnlp_live_text", html="<span hidden></span>", js=_LIVE_JS)


def _first_text(page: ReviewPage, model: str) -> str:
    return page.examples[0].text if page.examples else examples.first_text(model)


def _change_model(page: ReviewPage) -> None:
    if examples.is_example(versions.text(page)):
        versions.put(page, _first_text(page, st.session_state[page.model]), "Another example")


def _view(page: ReviewPage) -> tuple[str, ...]:
    keys = (page.text, page.model, page.key("kept"), *map(page.setting, page.settings))
    return tuple(str(st.session_state.get(key)) for key in keys)


def _follow(page: ReviewPage, models: Sequence[str], link: dict[str, str]) -> str:
    """Bring the session to what a link says; returns a sentence about what cannot be read."""
    state = st.session_state
    if link.get("model") in models:
        state[page.model] = link["model"]
    for name, values in page.settings.items():
        if link.get(name) in values:
            state[page.setting(name)] = link[name]
    if "text" not in link:
        return ""
    try:
        text = permalink.decode_text(link["text"])
        versions.put(page, text, "Opened a link")
        versions.forget(page)
        if "kept" in link:
            versions.keep(page, permalink.decode_text(link["kept"], like=text))
    except permalink.LinkError as error:
        return str(error)
    return ""


def _link(page: ReviewPage) -> dict[str, str]:
    """What the address bar says of this page."""
    query = st.query_params.to_dict()
    return {
        name: query[name] for name in ("model", *page.settings, "text", "kept") if name in query
    }


def restore(page: ReviewPage, models: Sequence[str]) -> None:
    """Give the widgets their first values, from the link when the page was opened by one.

    Bad values in a link are dropped; a text that cannot be read leaves a sentence for the page.
    """
    state, link = st.session_state, _link(page)
    followed, followed_to, error = map(page.key, ("link", "link_state", "link_error"))
    if link and link != state.get(followed):
        state[error] = _follow(page, models, link)
        state[followed], state[followed_to] = link, None
    if state.get(page.model) not in models:
        state[page.model] = models[0]
    for name, values in page.settings.items():
        if state.get(page.setting(name)) not in values:
            state[page.setting(name)] = values[0]
    if state.get(page.text) is None:
        state[page.text] = _first_text(page, state[page.model])
    leave_link(page)


def leave_link(page: ReviewPage) -> None:
    """Take the link's parameters out of the address bar once the visitor has changed anything.

    A reload then does not bring back what is no longer shown. To be called wherever a change can
    be drawn: by `restore`, and first in a fragment.
    """
    state, link = st.session_state, _link(page)
    followed, followed_to, error = map(page.key, ("link", "link_state", "link_error"))
    if not link:
        return
    if state.get(followed_to) is None:
        state[followed_to] = _view(page)
    elif state[followed_to] != _view(page):
        state[followed], state[error] = None, ""
        for name in link:
            del st.query_params[name]


def model_and_examples(page: ReviewPage, models: Sequence[str]) -> str:
    """Draw the choice among `models`, if there is one, and the examples; returns the model."""
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        model = models[0]
        if len(models) > 1:
            chosen = st.segmented_control(
                "Model",
                models,
                required=True,
                format_func=loading.model_title,
                key=page.model,
                on_change=_change_model,
                args=(page,),
                persist_state="session",
                label_visibility="collapsed",
            )
            model = chosen or model
        with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
            st.caption("Try:", width="content")
            for example in page.examples or examples.examples_for(model):
                st.button(
                    example.label,
                    key=f"example {example.label}",
                    on_click=versions.put,
                    args=(page, example.text, f"Example “{example.label}”"),
                )
    return model


def open_model(
    page: ReviewPage, models: Sequence[str], opener: Callable[[str], Opened]
) -> Opened | None:
    """Restore the view, draw models and examples, and open the chosen model.

    Args:
        page: The page.
        models: What can be chosen, the default first.
        opener: A name to the model; raises ArtifactError.

    Returns:
        The model; None when there is none, and the page has said why.
    """
    if not models:
        st.error("No model is on this machine: the folder of weights holds none for this page.")
        st.text("Restore it with: git checkout -- weights")
        return None
    review_work.take_back(page, linked="text" in _link(page))
    restore(page, models)
    model = model_and_examples(page, models)
    try:
        return opener(model)
    except ArtifactError as error:
        st.error("This model cannot be opened.")
        st.text(str(error))
        return None


def answers(
    model: str,
    read: Callable[[str, str], Reading[Result]],
    answer_of: Callable[[Result], Answer],
) -> Callable[[str], Answer | str]:
    """What a model says of any version of the text, or why it says nothing."""

    def answer(text: str) -> Answer | str:
        reading = read(model, text)
        return reading.message if reading.result is None else answer_of(reading.result)

    return answer


def review_text(page: ReviewPage) -> str:
    """Draw the text area with its buttons; returns the text."""
    text = st.text_area(
        "Your review",
        key=page.text,
        height=185,
        placeholder="Paste or type a review in English …",
        persist_state="session",
    )
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
        st.button("Predict", type="primary", help="It also reads while you type; or Ctrl + Enter.")
        st.button("Clear", on_click=versions.put, args=(page, "", "Cleared"))
        if text and text == versions.kept(page):
            st.button("Stop comparing", on_click=versions.forget, args=(page,))
        else:
            st.button(
                "Keep this version",
                on_click=versions.keep,
                args=(page,),
                disabled=not text,
                help="Keeps this text, to show what the changes you then make do to the answer.",
            )
        _undo_and_redo(page)
    if st.session_state.get(page.key("link_error")):
        st.warning(st.session_state[page.key("link_error")])
    review_work.keep(page, "page")
    return text or ""


def _undo_and_redo(page: ReviewPage) -> None:
    """Draw both buttons, also where there is nothing to undo: nothing moves when there is."""
    last = versions.to_undo(page)
    st.button(
        "Undo",
        key=page.key("undo_text"),
        on_click=versions.undo,
        args=(page,),
        disabled=last is None,
        help="Brings back the text before an example, a review, a link or a change by click.",
    )
    st.button(
        "Redo",
        type="tertiary",
        key=page.key("redo_text"),
        on_click=versions.redo,
        args=(page,),
        disabled=not versions.can_redo(page),
    )


def live_typing(page: ReviewPage) -> None:
    """Let the answer follow the typing; draw it below everything else, it takes no room."""
    _live(key=page.key("live"), data={"key": page.text})


def share(page: ReviewPage) -> None:
    """The link to what is shown."""
    base = st.context.url or f"/{page.stem}"
    keys = {"model": page.model} | {name: page.setting(name) for name in page.settings}
    parameters = {name: st.session_state[key] for name, key in keys.items()}
    text, kept = versions.text(page), versions.kept(page)
    link = permalink.build_link(base, parameters, text, kept)
    whole = link is not None
    if link is None and kept is not None:
        link = permalink.build_link(base, parameters, text)
    if link is None:
        st.write("This text is too long for a link; a link holds about 1,500 words.")
        return
    holds = ["the text", "the model", "how it is explained"]
    if kept is not None and whole:
        holds.append("the version you kept")
    st.caption(f"It holds {', '.join(holds[:-1])} and {holds[-1]}.")
    if not whole:
        st.caption("The version you kept is too long for it.")
    st.code(link, language=None, wrap_lines=True)
