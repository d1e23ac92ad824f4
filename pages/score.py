"""The former address of batch prediction: leads there, with all that a link says."""

import streamlit as st

from dlnlp.ui.shell.navigation import require_frame

require_frame()

st.switch_page(
    "pages/batch.py",
    query_params={name: st.query_params.get_all(name) for name in st.query_params},
)
