"""The section "Faithfulness" of the Kim CNN page."""

from dlnlp.inference import KimCnnPredictor
from dlnlp.ui.kim_cnn import explaining
from dlnlp.ui.kim_cnn.explaining import Explained
from dlnlp.ui.kim_cnn.methods import KIM, METHODS
from dlnlp.ui.shell.turns import aside, fragment
from dlnlp.ui.text import compare, review_work
from dlnlp.ui.text.faithfulness_record import faithfulness_record
from dlnlp.ui.text.faithfulness_view import draw, removal


@fragment
def kim_truth(explained: Explained, predictor: KimCnnPredictor) -> None:
    """Draw the section for the Kim CNN.

    Args:
        explained: What the network read, taken apart.
        predictor: The model that read it.
    """
    result = explained.result
    compare.rerun_if_edited(KIM, result.text)
    faithfulness_record(predictor.name, predictor.card)
    mode = removal(KIM)
    review_work.keep(KIM, "truth")
    if mode == "off":
        return
    scores = explaining.rankings(predictor.name, result.text, mode)
    with aside():
        measured = explaining.faithfulness(predictor.name, result.text, mode)
    names = {str(name): method.switch for name, method in METHODS.items()}
    draw(KIM, measured, scores, names, {"gradient_norm"}, result.class_names[result.predicted])
