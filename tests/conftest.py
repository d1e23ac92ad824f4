"""Fixtures of all tests, and Hypothesis' settings."""

import gc
import os
import signal
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st
from hypothesis import settings
from streamlit.components.v2.component_manager import BidiComponentManager
from streamlit.runtime.scriptrunner import script_runner
from streamlit.runtime.scriptrunner.script_cache import ScriptCache
from streamlit.testing.v1 import AppTest, local_script_runner

from dlnlp import artifacts, datasets, keras_import
from dlnlp.ui.shell import turns

ROOT = Path(__file__).resolve().parents[1]
MAIN = sys.modules["__main__"]

# A shell lets what it starts in the background ignore Ctrl-C, and nohup a lost terminal. Programs
# that tests start would inherit that.
for ignored, usual in (
    (signal.SIGINT, signal.default_int_handler),
    (getattr(signal, "SIGHUP", None), signal.SIG_DFL),
):
    if ignored is not None and signal.getsignal(ignored) == signal.SIG_IGN:
        signal.signal(ignored, usual)
# Before anything imports Keras; the tests pass on TensorFlow too.
keras_import.lighten()
os.environ.setdefault("KERAS_BACKEND", "jax")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
# Networks that somebody trained on this machine are none of the tests' business.
os.environ["DLNLP_MODELS"] = "/nowhere/dlnlp/models"
# What JAX compiled once in a session is not compiled again.
COMPILED = tempfile.TemporaryDirectory(prefix="dlnlp-compiled-")
os.environ.setdefault("JAX_COMPILATION_CACHE_DIR", COMPILED.name)
os.environ.setdefault("JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS", "0")
# Small networks run for a moment: compiling them well takes longer than it saves.
os.environ.setdefault("XLA_FLAGS", "--xla_backend_optimization_level=0")

# The app's process holds no Keras, that of the tests does, and Streamlit would clear Keras' session
# after every run of a page: that takes ten times as long as the run.
assert callable(script_runner._clean_problem_modules)
script_runner._clean_problem_modules = lambda: None
# Each AppTest would look through all installed packages for components, of which the app uses none,
# and each run of a page would compile its scripts anew. Most of the time of a test went there.
assert callable(BidiComponentManager.discover_and_register_components)
BidiComponentManager.discover_and_register_components = lambda self, **options: None
assert local_script_runner.ScriptCache is ScriptCache
SCRIPTS = ScriptCache()
local_script_runner.ScriptCache = lambda: SCRIPTS

# A busy machine is no reason to fail; a failure must come again on the next run. Where rare values
# matter, a property names its own number of examples.
settings.register_profile("dlnlp", deadline=None, derandomize=True, max_examples=60)
settings.load_profile("dlnlp")


def pytest_configure(config: pytest.Config) -> None:
    """Lets pass what Keras 3.15 does on JAX with NumPy 2.4 when a variable becomes an array."""
    config.add_cleanup(COMPILED.cleanup)
    config.addinivalue_line(
        "filterwarnings",
        "ignore:__array__ implementation doesn't accept a copy keyword:DeprecationWarning",
    )


def pytest_collection_finish() -> None:
    """Lets garbage collections pass over all that was imported by now."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def main_module(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets a process that is spawned begin as the tests did, not with the page of an AppTest."""
    monkeypatch.setitem(sys.modules, "__main__", MAIN)


@pytest.fixture
def app() -> Iterator[AppTest]:
    """The app before its first run; `app.switch_page("pages/x.py").run()` shows a page."""
    # AppTests share the process, and with it what an earlier test has cached.
    st.cache_resource.clear()
    st.cache_data.clear()
    yield AppTest.from_file(ROOT / "streamlit_app.py", default_timeout=60)
    assert turns.is_free(), "a script has ended without giving its turn back"
    st.cache_resource.clear()
    st.cache_data.clear()


@pytest.fixture(scope="session")
def tiny_networks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with tiny untrained networks, which tests only read."""
    from tests.tiny_han import POLARITY, write_tiny_han
    from tests.tiny_kim_cnn import write_tiny_kim_cnn

    root = tmp_path_factory.mktemp("tiny")
    write_tiny_han(root / "han_stars", max_sentences=40)
    write_tiny_han(root / "han_imdb", 1, class_names=POLARITY, dataset="imdb", max_sentences=40)
    write_tiny_kim_cnn(root / "kim_cnn")
    return root


@pytest.fixture
def tiny_weights(tiny_networks: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """These networks alone in place of those that ship, on a machine without data sets."""
    monkeypatch.setattr(artifacts, "WEIGHTS", tiny_networks)
    monkeypatch.setattr(datasets, "find", lambda name: None)
    return tiny_networks
