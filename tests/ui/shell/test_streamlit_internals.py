"""What Streamlit does not promise, against the installed version; in a browser: tests/e2e."""

import ast
import inspect
import re
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import streamlit as st
from streamlit import config
from streamlit.proto.NewSession_pb2 import CustomThemeConfig, NewSession
from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates
from streamlit.runtime import app_session
from streamlit.runtime.scriptrunner import script_runner
from streamlit.runtime.scriptrunner_utils.script_requests import (
    RerunData,
    ScriptRequests,
    ScriptRequestType,
)
from streamlit.testing.v1 import AppTest

from dlnlp.ui.shell import streamlit_internals
from dlnlp.ui.shell.streamlit_internals import (
    HIDDEN_OPTIONS,
    StreamlitPage,
    UploadedFile,
    session_id,
    session_is_there,
)

ROOT = Path(__file__).resolve().parents[3]
HERE = Path(streamlit_internals.__file__)
# Class names of Streamlit's elements, and attributes for its tests. `.st-key-` is documented.
SELECTORS = re.compile(r"""\.st[A-Z]\w+|data-test[\w-]*|st-emotion|\[kind=|\.katex""")


def sources(*suffixes: str) -> list[Path]:
    files = [*(ROOT / "dlnlp").rglob("*"), *(ROOT / "pages").glob("*"), ROOT / "streamlit_app.py"]
    return [path for path in files if path.suffix in suffixes and path != HERE]


def private(code: str) -> Iterator[str]:
    """What a module takes from inside Streamlit."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names if name.name.startswith("streamlit."))
        elif isinstance(node, ast.ImportFrom):
            module = node.module or ""
            if module.startswith("streamlit.") or module == "streamlit":
                yield module
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            if node.value.id == "st" and node.attr.startswith("_"):
                yield f"st.{node.attr}"


@pytest.mark.parametrize(
    "code",
    [
        "import streamlit.runtime",
        "from streamlit.elements import form",
        "from streamlit import runtime",
        "import streamlit as st\nst._config",
    ],
)
def test_the_search_for_internals_finds_them(code: str) -> None:
    assert list(private(code))
    assert not list(private("import streamlit as st\nst.write(1)"))
    assert SELECTORS.search("div.stCode") and SELECTORS.search('[data-testid="stApp"]')


def test_only_one_module_uses_internals_of_streamlit() -> None:
    found = {
        str(path.relative_to(ROOT)): names
        for path in sources(".py")
        if (names := list(private(path.read_text(encoding="utf-8"))))
    }
    assert found == {}


def test_only_one_module_knows_the_elements_that_streamlit_draws() -> None:
    found = {
        str(path.relative_to(ROOT)): names
        for path in sources(".py", ".js", ".css")
        if (names := SELECTORS.findall(path.read_text(encoding="utf-8")))
    }
    assert found == {}


def test_hidden_options_exist_are_set_and_are_read() -> None:
    settings = tomllib.loads((ROOT / ".streamlit/config.toml").read_text(encoding="utf-8"))
    for name, value in HIDDEN_OPTIONS.items():
        section, _, option = name.partition(".")
        assert settings[section][option] == value
        config.get_option(name)  # raises for a name that Streamlit does not know
        assert f'"{name}"' in inspect.getsource(script_runner)


def test_a_session_has_a_name_inside_and_none_outside() -> None:
    def script() -> None:
        import streamlit as st

        from dlnlp.ui.shell.streamlit_internals import session_id

        st.text(session_id())

    assert session_id() == ""
    (name,) = (text.value for text in AppTest.from_function(script).run().text)
    assert name


def test_without_a_server_every_session_is_there() -> None:
    assert session_is_there("any")


def test_with_a_server_it_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    class Server:
        def is_active_session(self, session: str) -> bool:
            return session == "here"

    monkeypatch.setattr(streamlit_internals.runtime, "exists", lambda: True)
    monkeypatch.setattr(streamlit_internals.runtime, "get_instance", Server)
    assert session_is_there("here") and not session_is_there("gone")


def test_the_real_server_can_be_asked() -> None:
    assert callable(streamlit_internals.runtime.Runtime.is_active_session)


def test_pages_and_files_are_what_they_are_called() -> None:
    page = st.Page(ROOT / "pages/home.py", title="Home")
    assert isinstance(page, StreamlitPage)
    assert callable(UploadedFile.getvalue)


SECTIONS = ("", ".light", ".dark", ".sidebar", ".light.sidebar", ".dark.sidebar")


@pytest.mark.parametrize("section", [f"theme{each}" for each in SECTIONS])
def test_the_browser_is_told_the_theme_as_streamlit_tells_it(section: str) -> None:
    theirs, ours = CustomThemeConfig(), CustomThemeConfig()
    streamlit_internals._read_theme(theirs, section)
    app_session._populate_theme_msg(ours, section)
    assert ours == theirs and app_session._populate_theme_msg is streamlit_internals._copied_theme


def test_a_theme_that_says_nothing_is_not_told() -> None:
    message = NewSession()
    app_session._populate_theme_msg(message.custom_theme.light, "theme.light")
    assert message.custom_theme.HasField("light")
    app_session._populate_theme_msg(message.custom_theme.dark.sidebar, "theme.no such section")
    assert not message.custom_theme.HasField("dark")


def asked_for(page: str) -> ScriptRequests:
    """What a session's script has been asked for: another page, by its link."""
    requests = ScriptRequests()
    requests.request_rerun(RerunData(page_script_hash=page, query_string="lesson=1"))
    return requests


def test_a_page_that_was_asked_for_is_not_forgotten_for_a_part_of_the_one_that_is_left() -> None:
    waiting, running = asked_for("next"), asked_for("next")
    running.on_scriptrunner_ready()
    for requests in (waiting, running):
        part = RerunData(page_script_hash="left", fragment_id="editor", query_string="lesson=2")
        assert requests.request_rerun(part)
        told = requests.on_scriptrunner_yield()
        assert told is not None
        data = told.rerun_data
        assert (data.page_script_hash, data.query_string) == ("next", "lesson=1")
        assert data.fragment_id is None and data.fragment_id_queue == []


@pytest.mark.parametrize("page", ["left", "this"])
def test_a_timer_is_not_heard_while_a_script_runs(page: str) -> None:
    """Else a part that takes longer than its timer waits would run without a pause."""
    requests = asked_for("this")
    requests.on_scriptrunner_ready()
    timer = RerunData(page_script_hash=page, fragment_id="race", is_auto_rerun=True)
    assert requests.request_rerun(timer)
    assert requests.on_scriptrunner_ready().type is ScriptRequestType.STOP


def test_a_timer_is_heard_when_no_script_runs() -> None:
    """Whoever has run to the end takes no request, and one that is new begins with it."""
    ended = asked_for("this")
    ended.on_scriptrunner_ready()
    ended.on_scriptrunner_ready()
    timer = RerunData(page_script_hash="this", fragment_id="race", is_auto_rerun=True)
    assert not ended.request_rerun(timer)
    new = ScriptRequests()
    assert new.request_rerun(timer)
    assert new.on_scriptrunner_ready().rerun_data.fragment_id_queue == ["race"]


def test_a_timer_brings_no_click() -> None:
    """It comes with the click's own message; twice, a lesson would go on by two steps."""
    states = WidgetStates(
        widgets=[
            WidgetState(id="text", string_value="kept"),
            WidgetState(id="button", trigger_value=True),
            WidgetState(id="bar", json_trigger_value='[{"event": "go", "value": "next"}]'),
        ]
    )
    data = RerunData(widget_states=states, page_script_hash="this", fragment_id="race")
    brought = []
    for timer in (True, False):
        requests = ScriptRequests()
        requests.request_rerun(replace(data, is_auto_rerun=timer))
        told = requests.on_scriptrunner_ready().rerun_data.widget_states
        brought.append([state.id for state in told.widgets])
    assert brought == [["text"], ["text", "button", "bar"]]


def test_a_part_of_the_same_page_is_drawn_alone() -> None:
    requests = asked_for("this")
    requests.on_scriptrunner_ready()
    requests.request_rerun(RerunData(page_script_hash="this", fragment_id="editor"))
    assert requests.on_scriptrunner_ready().rerun_data.fragment_id_queue == ["editor"]
