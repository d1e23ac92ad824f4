"""Kim's convolutional network: write a film review, see the prediction and what adds up to it."""

from functools import partial

from dlnlp.inference import KimCnnPredictor
from dlnlp.ui.kim_cnn.answer import calibration
from dlnlp.ui.kim_cnn.explaining import explain
from dlnlp.ui.kim_cnn.flow import kim_flow
from dlnlp.ui.kim_cnn.maps import maps
from dlnlp.ui.kim_cnn.methods import ARGUMENTS, KIM
from dlnlp.ui.kim_cnn.regions import regions_table
from dlnlp.ui.kim_cnn.text_network import kim_network
from dlnlp.ui.kim_cnn.truth import kim_truth
from dlnlp.ui.shell import loading
from dlnlp.ui.shell.model_card import card_expander
from dlnlp.ui.shell.navigation import require_frame
from dlnlp.ui.shell.parts import COMPARE, DURING, MAP, NETWORK, TRUTH, TWO, Part, parts
from dlnlp.ui.shell.title_row import title_row
from dlnlp.ui.shell.turns import fragment
from dlnlp.ui.text import real_reviews, review_input, versions
from dlnlp.ui.text.answers import answer_of
from dlnlp.ui.text.board import board, share_and_export
from dlnlp.ui.text.class_bars import target_of
from dlnlp.ui.text.comparison import comparison
from dlnlp.ui.text.during_training import during_training, has_recording
from dlnlp.ui.text.two_networks import both_here, two_networks

require_frame()

ABOUT = (
    "Hundreds of filters slide over the text. Each looks for one kind of phrase, keeps its best "
    "match, and votes for or against. Their votes add up to the logit (Kim 2014, *Convolutional "
    "Neural Networks for Sentence Classification*)."
)


@fragment
def reading_of_a_text(predictor: KimCnnPredictor) -> None:
    """Everything that follows the text; what stands around it is not drawn again."""
    review_input.leave_link(KIM)
    network = kim_network(predictor)
    board(network)
    text = versions.text(KIM)
    reading, explained = network.read(text), explain(predictor.name, text)
    views: dict[str, Part | None] = dict.fromkeys((NETWORK, ARGUMENTS, COMPARE, TRUTH))
    if both_here():
        views[TWO] = None if explained is None else partial(two_networks, KIM, text)
    if explained is not None:
        target = target_of(KIM, answer_of(explained.result))
        views[NETWORK] = partial(kim_flow, explained.result, predictor, target)
        views[ARGUMENTS] = partial(regions_table, explained.result, explained.evidence)
        views[COMPARE] = partial(comparison, network, text)
        views[TRUTH] = partial(kim_truth, explained, predictor)
    views[MAP] = partial(maps, predictor, reading, explained)
    if has_recording(predictor.name):
        views[DURING] = partial(during_training, KIM, predictor.name)
    parts(KIM.setting("part"), views, "a review")


def page() -> None:
    """Title and switches, the text and what follows it, real reviews, card."""
    with title_row("Kim’s convolutional network", ABOUT) as row:
        model = review_input.choose_model(KIM, loading.kim_models())
    predictor = review_input.open_model(model, loading.kim_predictor)
    if predictor is None:
        return
    with row:
        share_and_export(kim_network(predictor))
    reading_of_a_text(predictor)
    real_reviews.real_reviews(KIM, predictor)
    calibration(predictor.card)
    card_expander(loading.model_title(predictor.name), predictor.card)


page()
