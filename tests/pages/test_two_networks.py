"""The same review, read by both text networks: each page finds the other's network by name."""

import pytest
from streamlit.testing.v1 import AppTest

from dlnlp.ui.shell.parts import TWO


@pytest.mark.parametrize(("stem", "model"), [("han", "han_imdb"), ("kim_cnn", "kim_cnn")])
def test_both_read_the_text_of_the_page(app: AppTest, stem: str, model: str) -> None:
    app.query_params.update({"model": model, "part": TWO})
    app.run().switch_page(f"pages/{stem}.py").run()
    app.session_state[f"{stem}_text"] = "A great film. Not a dull moment."
    for choice in ("own", "unknown"):
        app.segmented_control(key=f"{stem}_both").set_value(choice).run()
        assert not app.exception
        titles = {text.value for text in app.markdown}
        assert {"**Hierarchical attention**", "**Kim's convolutional network**"} <= titles
        assert any("Kendall" in caption.value for caption in app.caption), choice
