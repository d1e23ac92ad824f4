"""Entry point of ``streamlit run streamlit_app.py``: frames the page that was asked for."""

from dlnlp.ui.shell.navigation import navigate
from dlnlp.ui.shell.turns import turn

with turn():
    navigate().run()
