"""Entry point of ``streamlit run streamlit_app.py``: frames the page that was asked for."""

from dlnlp.ui.navigation import navigate
from dlnlp.ui.turns import turn

with turn():
    navigate().run()
