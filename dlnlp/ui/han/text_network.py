"""A HAN as the views that all networks share know it."""

from collections.abc import Sequence
from functools import partial
from typing import cast

from dlnlp.explain.attribution import Attribution
from dlnlp.explain.shading import Ends
from dlnlp.inference import HanPredictor
from dlnlp.inference.attention_result import AttentionResult
from dlnlp.ui.han import explaining, exports
from dlnlp.ui.han.attention_numbers import han_data
from dlnlp.ui.han.methods import HAN, MAIN, METHODS, Method
from dlnlp.ui.shell import loading
from dlnlp.ui.text.answers import answer_of, prediction
from dlnlp.ui.text.highlighted_text import HighlightedTextData
from dlnlp.ui.text.shaded_html import shaded_html
from dlnlp.ui.text.take_away import SavedFile
from dlnlp.ui.text.text_network import TextNetwork


def _view(
    attribution: Attribution[AttentionResult], scales: tuple[Ends, Ends] | None
) -> HighlightedTextData:
    name = cast(Method, attribution.method.name)
    return han_data(attribution, METHODS[name], scales)


def _files(model: str, attribution: Attribution[AttentionResult]) -> Sequence[SavedFile]:
    result = attribution.reading
    return (
        SavedFile("Words (CSV)", "words.csv", partial(exports.tokens_csv, result, attribution)),
        SavedFile(
            "Result (JSON)",
            "result.json",
            partial(exports.result_json, result, model, attribution),
        ),
        SavedFile(
            "Shaded text (HTML)",
            "shaded.html",
            lambda: shaded_html(_view(attribution, None), prediction(answer_of(result))),
        ),
    )


def text_network(predictor: HanPredictor) -> TextNetwork[AttentionResult]:
    """What the shared views ask of an opened HAN."""
    model = predictor.name

    def attribute(
        result: AttentionResult, method: str, target: int, *, random: bool = False
    ) -> Attribution[AttentionResult] | None:
        name = cast(Method, method)
        return explaining.attribute(predictor, result, name, target, random=random)

    return TextNetwork(
        page=HAN,
        model=model,
        card=predictor.card,
        setting="shading",
        methods={str(name): text for name, text in METHODS.items()},
        main=MAIN,
        read=partial(loading.read_review, model),
        attribute=attribute,
        view=_view,
        files=partial(_files, model),
    )
