"""A chart of a page, and under it what saves it as a picture."""

from typing import Any

import plotly.graph_objects as go
import streamlit as st

from dlnlp.ui.shell.charts import CONFIG
from dlnlp.ui.shell.save_picture import save_picture

_DRAWING = ".svg-container"  # Plotly's, in which all is SVG


def draw_chart(
    figure: go.Figure, *, key: str, alt: str, config: dict[str, Any] = CONFIG, **selecting: Any
) -> None:
    """Draw a figure that can be saved; `selecting` is what ``st.plotly_chart`` does on a click.

    A screen reader hears `alt`; the file has the name of the Streamlit key.
    """
    with st.container(gap="xxsmall"):
        st.plotly_chart(figure, key=key, config=config, alt=alt, **selecting)
        save_picture(key, _DRAWING, key, alt)
