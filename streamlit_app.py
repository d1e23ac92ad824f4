"""Entry point of ``streamlit run streamlit_app.py``: frames the page that was asked for."""

from dlnlp.ui.navigation import navigate

navigate().run()
