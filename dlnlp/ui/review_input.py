"""The input of the HAN page: text area, examples, model choice, and the link that restores them."""

from collections.abc import Sequence

import streamlit as st

from dlnlp.ui import examples, loading, permalink
from dlnlp.ui.attention_text import SHADINGS

TEXT, MODEL, SHADING = "han_text", "han_model", "han_shading"
_LINK, _LINK_STATE, _LINK_ERROR = "han_link", "han_link_state", "han_link_error"

# Streamlit's text area reports its text when it loses focus or on Ctrl+Enter. This reports it
# while one types, after a short pause, by pressing these keys. Without it nothing breaks.
_LIVE_JS = """
const PAUSE_MS = 350, LIVE_LIMIT = 20000;
export default function ({ data }) {
  const area = document.querySelector(`.st-key-${data.key} textarea`);
  if (!area || area.dataset.live) return;
  area.dataset.live = "1";
  let timer;
  area.addEventListener("input", (event) => {
    clearTimeout(timer);
    if (event.isComposing || area.value.length > LIVE_LIMIT) return;
    timer = setTimeout(() => {
      if (document.activeElement !== area) return; // losing focus has reported it already
      const keys = { key: "Enter", code: "Enter", keyCode: 13, ctrlKey: true, bubbles: true };
      area.dispatchEvent(new KeyboardEvent("keydown", keys));
    }, PAUSE_MS);
  });
}
"""
_live = st.components.v2.component("dlnlp_live_text", html="<span hidden></span>", js=_LIVE_JS)


def _set_text(text: str) -> None:
    st.session_state[TEXT] = text


def _change_model() -> None:
    if examples.is_example(st.session_state[TEXT]):
        _set_text(examples.first_text(st.session_state[MODEL]))


def _view() -> tuple[str, ...]:
    return tuple(str(st.session_state.get(key)) for key in (TEXT, MODEL, SHADING))


def restore(models: Sequence[str]) -> None:
    """Give the widgets their first values, from the link when the page was opened by one.

    Bad values in a link are dropped; a text that cannot be read leaves a sentence for the page.
    Once the visitor changes anything, the link's parameters leave the address bar, so that a
    reload does not bring back what is no longer shown.
    """
    state, query = st.session_state, st.query_params.to_dict()
    link = {name: query[name] for name in ("model", "shading", "text") if name in query}
    if link and link != state.get(_LINK):
        state[_LINK_ERROR] = ""
        if link.get("model") in models:
            state[MODEL] = link["model"]
        if link.get("shading") in SHADINGS:
            state[SHADING] = link["shading"]
        if "text" in link:
            try:
                state[TEXT] = permalink.decode_text(link["text"])
            except permalink.LinkError as error:
                state[_LINK_ERROR] = str(error)
        state[_LINK], state[_LINK_STATE] = link, None
    if state.get(MODEL) not in models:
        state[MODEL] = models[0]
    if state.get(SHADING) not in SHADINGS:
        state[SHADING] = next(iter(SHADINGS))
    if state.get(TEXT) is None:
        state[TEXT] = examples.first_text(state[MODEL])
    if link and state.get(_LINK_STATE) is None:
        state[_LINK_STATE] = _view()
    elif link and state[_LINK_STATE] != _view():
        state[_LINK], state[_LINK_ERROR] = None, ""
        for name in link:
            del st.query_params[name]


def model_and_examples(models: Sequence[str]) -> str:
    """Draw the choice among `models` and the examples of the chosen one; returns its name."""
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        chosen = st.segmented_control(
            "Model",
            models,
            required=True,
            format_func=loading.model_title,
            key=MODEL,
            on_change=_change_model,
            persist_state="session",
            label_visibility="collapsed",
        )
        model = chosen or models[0]
        with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
            st.caption("Try:", width="content")
            for example in examples.examples_for(model):
                st.button(
                    example.label,
                    key=f"example {example.label}",
                    on_click=_set_text,
                    args=(example.text,),
                )
    return model


def review_text() -> str:
    """Draw the text area with its buttons; returns the text."""
    text = st.text_area(
        "Your review",
        key=TEXT,
        height=185,
        placeholder="Paste or type a review in English …",
        persist_state="session",
    )
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.button("Read it", type="primary", help="It also reads while you type; or Ctrl + Enter.")
        st.button("Clear", on_click=_set_text, args=("",))
    if st.session_state.get(_LINK_ERROR):
        st.warning(st.session_state[_LINK_ERROR])
    return text or ""


def live_typing() -> None:
    """Let the answer follow the typing; draw it below everything else, it takes no room."""
    _live(key="han_live", data={"key": TEXT})


def share() -> None:
    """A button that opens the link to what is shown."""
    with st.popover("Link to this view", icon="🔗"):
        base = st.context.url or "/han"
        parameters = {"model": st.session_state[MODEL], "shading": st.session_state[SHADING]}
        link = permalink.build_link(base, parameters, st.session_state[TEXT] or "")
        if link is None:
            st.write("This text is too long for a link; a link holds about 1,500 words.")
        else:
            st.caption("It holds the text, the model and the shading.")
            st.code(link, language=None, wrap_lines=True)
