"""Names of methods and of scales are the same on pages and in figures."""

from dlnlp.explain.attribution import METHODS
from dlnlp.ui.han.methods import METHODS as HAN
from dlnlp.ui.kim_cnn.methods import METHODS as KIM


def test_pages_and_figures_call_a_method_by_one_name() -> None:
    for methods in (HAN, KIM):
        for name, text in methods.items():
            assert text.switch == METHODS[str(name)].title
