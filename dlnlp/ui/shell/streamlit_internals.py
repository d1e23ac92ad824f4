"""What this app uses of Streamlit that Streamlit does not promise: all of it, and nothing else.

A test for each part runs against the installed version, so that an upgrade shows what broke.
"""

from dataclasses import replace
from functools import cache
from pathlib import Path

from streamlit import runtime
from streamlit.components.v2.get_bidi_component_manager import get_bidi_component_manager
from streamlit.components.v2.manifest_scanner import ComponentConfig, ComponentManifest
from streamlit.delta_generator import DeltaGenerator
from streamlit.navigation.page import StreamlitPage
from streamlit.proto.NewSession_pb2 import CustomThemeConfig
from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates
from streamlit.runtime import app_session
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_requests import (
    _TRIGGER_PROTO_FIELDS,
    RerunData,
    ScriptRequests,
    ScriptRequestType,
)
from streamlit.runtime.uploaded_file_manager import UploadedFile

__all__ = [
    "CONNECTION_ATTRIBUTE",
    "DeltaGenerator",
    "HIDDEN_OPTIONS",
    "PREFIX",
    "STYLE",
    "StreamlitPage",
    "UploadedFile",
    "serve_component",
    "session_id",
    "session_is_there",
]

# On the root element of the page; "CONNECTED" while the browser has a server.
CONNECTION_ATTRIBUTE = "data-test-connection-state"

# Options of .streamlit/config.toml that no documentation names, with what they are set to.
HIDDEN_OPTIONS = {"runner.postScriptGC": False}

# Streamlit writes white on the primary colour, and the primary colour on the dark page: no one blue
# is readable as both. The colours of code are too pale on paper and too dark on the dark page: the
# colour of text is mixed into each.
# What keeps the visitor's work in the tab is not seen and takes no room. A page uses the width of
# the window, up to a line of text that can still be read. A button keeps room for its words, which
# Firefox cuts off otherwise. Where columns become one, a prediction stands above the editor. What
# is typed into does not fade while a script runs. What is still loading holds a place as high as
# most of what comes. A table takes the whole width, and scrolls where that is too narrow.
STYLE = """<style>
button[kind="primary"]:not(:disabled) {background-color: #2b5f8f; border-color: #2b5f8f}
[class*="st-key-kept_work_"] {display: none}
.stMainBlockContainer {padding: 4rem 2.5rem 3rem; max-width: 84rem}
.st-key-title_row h1 {padding: 0; font-size: 1.5rem}
.st-key-title_row > [data-testid="stLayoutWrapper"] {flex: 0 0 auto; width: fit-content}
[data-testid="stSkeleton"] {height: 2rem}
[class*="st-key-save-"], [class*="st-key-save-"] [data-testid="stSkeleton"] {
  min-height: 1.7rem; height: auto
}
button [data-testid="stMarkdownContainer"] {text-overflow: clip}
[data-testid="stMarkdownContainer"]:has(> table) {overflow-x: auto}
[data-testid="stMarkdownContainer"] > table {width: 100%; margin: 0 0 0.8rem; font-size: 0.88rem}
[data-testid="stMarkdownContainer"] > table :is(th, td) {
  min-width: 4.6rem; padding: 0.3rem 0.6rem; line-height: 1.4
}
[data-testid="stMarkdownContainer"] > table th {font-weight: 400; opacity: 0.75}
[class*="_toolbar"] button, [class*="_method_row"] button {
  min-height: 2rem; padding: 0.1rem 0.7rem; font-size: 0.85rem
}
[class*="_editor"][data-stale] {opacity: 1}
@media (max-width: 640px) {
  [data-testid="stColumn"]:has([class*="_prediction"]),
  [data-testid="stColumn"]:has([class*="_prediction"]) > [data-testid="stVerticalBlock"] {
    display: contents
  }
  [data-testid="stLayoutWrapper"]:has(> [class*="_prediction"]) {order: -1; flex: 1 1 100%}
  .stMainBlockContainer {padding: 3.8rem 1rem 3rem}
  .st-key-title_row h1 {font-size: 1.25rem}
  [class*="_method_row"] button {padding-inline: 0.5rem}
}
.stCode .token.token {color: color-mix(in srgb, var(--hue, currentColor) 55%, currentColor)}
.stCode .token:is(.punctuation, .comment) {--hue: #808495}
.stCode .token:is(.keyword, .function) {--hue: #1c83e1}
.stCode .token.operator {--hue: #ed6f13}
.stCode .token.number {--hue: #29b09d}
.stCode .token:is(.boolean, .string) {--hue: #21c354}
</style>"""


_request_rerun = ScriptRequests.request_rerun


def _is_trigger(state: WidgetState) -> bool:
    return state.WhichOneof("value") in _TRIGGER_PROTO_FIELDS


def _worth_a_run(requests: ScriptRequests, new_data: RerunData) -> bool:
    """Keep timers from what is not theirs, and let another page that was asked for stand.

    What a click sets off waits in the browser for a moment before it is sent. A timer that ticks in
    that moment sends it, too, and it would be done twice: a lesson went on by two steps. So timers
    bring no clicks.

    A timer that ticks while a script runs would have its part run as soon as that ends. Where a
    part takes longer than its timer waits, as on a busy server, run followed run without a pause:
    clicks waited, and the browser kept what the page no longer had, such as the results of a race
    below its replay. Here the part runs at the first tick after the script.

    Until another page that was asked for comes, the browser tells what changes in the parts of the
    one that it shows. Streamlit (1.67) runs such a part as a run of the page that was left: the
    browser empties itself and gets nothing to show, since that page has no parts any more; or the
    other page is forgotten, where its run had not begun. Here what was told, and its callbacks,
    belong to a run of the page that was asked for last.
    """
    if new_data.is_auto_rerun and new_data.widget_states is not None:
        lasting = (each for each in new_data.widget_states.widgets if not _is_trigger(each))
        new_data = replace(new_data, widget_states=WidgetStates(widgets=lasting))
    asked = requests._rerun_data
    if asked == RerunData():  # the first run of these requests
        return _request_rerun(requests, new_data)
    if new_data.is_auto_rerun and requests._state is not ScriptRequestType.STOP:
        return True
    if new_data.fragment_id and asked.page_script_hash not in ("", new_data.page_script_hash):
        new_data = replace(
            new_data,
            fragment_id=None,
            page_script_hash=asked.page_script_hash,
            query_string=asked.query_string,
        )
    return _request_rerun(requests, new_data)


ScriptRequests.request_rerun = _worth_a_run  # type: ignore[assignment]

_read_theme = app_session._populate_theme_msg


@cache
def _theme(section: str) -> CustomThemeConfig:
    read = CustomThemeConfig()
    _read_theme(read, section)
    return read


def _copied_theme(msg: CustomThemeConfig, section: str = "theme") -> None:
    """Tell the browser the theme, which no run changes, without reading the options again.

    Streamlit (1.67) tells it at the begin of every run, of every part that is drawn again too.
    """
    if (theme := _theme(section)).ByteSize():
        msg.MergeFrom(theme)


app_session._populate_theme_msg = _copied_theme


def session_id() -> str:
    """The session whose script runs in this thread; "" outside of one."""
    context = get_script_run_ctx(suppress_warning=True)
    return context.session_id if context is not None else ""


def session_is_there(session: str) -> bool:
    """Whether a session is still connected; any thread may ask.

    Where no server runs, as in a test or on the way down, every session is there.
    """
    return not runtime.exists() or bool(runtime.get_instance().is_active_session(session))


PREFIX = "dlnlp"  # of the names of our components, with a dot behind it


def serve_component(name: str, folder: Path) -> bool:
    """Let the running server serve what a component's browsers load.

    Streamlit finds such folders only through installed packages that declare them.

    Args:
        name: of the component, without the prefix.
        folder: that holds its files, and nothing else.

    Returns:
        Whether a server runs.
    """
    if not runtime.exists():
        return False
    manager = get_bidi_component_manager()
    if manager.get_component_path(f"{PREFIX}.{name}") is None:
        declared = ComponentManifest(PREFIX, "", [ComponentConfig(name, folder.name)])
        manager.register_from_manifest(declared, folder.parent)
    return True
