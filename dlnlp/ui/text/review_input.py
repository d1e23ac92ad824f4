"""What stands around the text of a page that reads reviews: models, examples, links, undo.

Every function takes the `ReviewPage` it draws for.
"""

from collections.abc import Callable, Sequence
from typing import TypeVar

import streamlit as st

from dlnlp.artifacts import ArtifactError
from dlnlp.ui.shell import loading, permalink
from dlnlp.ui.text import review_work, versions
from dlnlp.ui.text.examples import first_text, is_example, own_examples
from dlnlp.ui.text.review_page import ReviewPage

Opened = TypeVar("Opened")


def _first_text(page: ReviewPage, model: str) -> str:
    if page.examples and not own_examples(model):
        return page.examples[0].text
    return first_text(model)


def _change_model(page: ReviewPage) -> None:
    if is_example(versions.text(page)):
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


def restore(page: ReviewPage, models: Sequence[str]) -> None:
    """Give the widgets their first values, from the link when the page was opened by one.

    Bad values in a link are dropped; a text that cannot be read leaves a sentence for the page.
    """
    state = st.session_state
    if query := page.link.new():
        link = {name: values[-1] for name, values in query.items()}
        state[page.key("link_error")] = _follow(page, models, link)
    if state.get(page.model) not in models:
        state[page.model] = models[0]
    for name, values in page.settings.items():
        if state.get(page.setting(name)) not in values:
            state[page.setting(name)] = values[0]
    if state.get(page.text) is None:
        state[page.text] = _first_text(page, state[page.model])
    leave_link(page)


def leave_link(page: ReviewPage) -> None:
    """Take the link out of the address bar once the visitor has changed anything.

    To be called wherever a change can be drawn: by `restore`, and first in a fragment.
    """
    if page.link.leave_when_changed(_view(page)):
        st.session_state[page.key("link_error")] = ""


def choose_model(page: ReviewPage, models: Sequence[str]) -> str | None:
    """Restore the view, and draw the choice among models, if there is one, and the examples.

    Args:
        page: The page.
        models: What can be chosen, the default first.

    Returns:
        The model; None where there is none.
    """
    if not models:
        return None
    review_work.take_back(page, linked=page.link.parameters())
    restore(page, models)
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
    examples = {example.label: example for example in page.examples_for(model)}
    key = page.key("example")

    def put() -> None:
        example = examples.get(st.session_state[key])
        if example is not None:
            versions.put(page, example.text, f"Example “{example.label}”")

    st.menu_button(
        "Examples",
        list(examples),
        format_func=lambda label: f"{label} · {examples[label].text[:38]} …",
        key=key,
        on_click=put,
    )
    return model


def open_model(model: str | None, opener: Callable[[str], Opened]) -> Opened | None:
    """Open the chosen model.

    Args:
        model: Its name; None where there is none.
        opener: A name to the model; raises ArtifactError.

    Returns:
        The model; None when there is none, and the page has said why.
    """
    if model is None:
        st.error("No model is on this machine: the folder of weights holds none for this page.")
        st.text("Restore it with: git checkout -- weights")
        return None
    try:
        return opener(model)
    except ArtifactError as error:
        st.error("This model cannot be opened.")
        st.text(str(error))
        return None


def toolbar(page: ReviewPage) -> None:
    """Draw what can be done to the whole text, and why a link could not be followed."""
    text = versions.text(page)
    with st.container(
        horizontal=True, gap="xsmall", vertical_alignment="center", key=page.key("toolbar")
    ):
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
        st.button("Clear", on_click=versions.put, args=(page, "", "Cleared"), disabled=not text)
    if st.session_state.get(page.key("link_error")):
        st.warning(st.session_state[page.key("link_error")])
    review_work.keep(page, "page")


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


def share(page: ReviewPage) -> None:
    """The link to what is shown."""
    keys = {"model": page.model} | {name: page.setting(name) for name in page.settings}
    parameters = {name: st.session_state[key] for name, key in keys.items()}
    text, kept = versions.text(page), versions.kept(page)
    link = page.url(parameters, text, kept)
    whole = link is not None
    if link is None and kept is not None:
        link = page.url(parameters, text)
    if link is None:
        st.write("This text is too long for a link; a link holds about 1,500 words.")
        return
    holds = ["the text", "the model", "how it is explained"]
    if kept is not None and whole:
        holds.append("the version you kept")
    st.caption(f"It holds {', '.join(holds[:-1])} and {holds[-1]}.")
    if not whole:
        st.caption("The version you kept is too long for it.")
    st.code(link, language=None)
