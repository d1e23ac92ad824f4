"""Fixtures of all tests, and Hypothesis' settings."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st
from hypothesis import settings
from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).resolve().parents[1]

# A busy machine is no reason to fail; a failure must come again on the next run.
settings.register_profile("dlnlp", deadline=None, derandomize=True)
settings.load_profile("dlnlp")


@pytest.fixture
def app() -> Iterator[AppTest]:
    """The app before its first run; `app.switch_page("pages/x.py").run()` shows a page."""
    # AppTests share the process, and with it what an earlier test has cached.
    st.cache_resource.clear()
    st.cache_data.clear()
    yield AppTest.from_file(ROOT / "streamlit_app.py", default_timeout=60)
    st.cache_resource.clear()
    st.cache_data.clear()
