"""A Kim CNN as the views that all networks share know it."""

from collections.abc import Sequence
from functools import partial
from typing import cast

from dlnlp.explain.attribution import Attribution
from dlnlp.explain.shading import Ends
from dlnlp.inference import KimCnnPredictor
from dlnlp.inference.sentiment_result import SentimentResult
from dlnlp.ui.kim_cnn import explaining, exports
from dlnlp.ui.kim_cnn.explaining import Explained
from dlnlp.ui.kim_cnn.methods import KIM, MAIN, METHODS, Method
from dlnlp.ui.kim_cnn.region_text import kim_data
from dlnlp.ui.shell import loading
from dlnlp.ui.text.answers import answer_of, prediction
from dlnlp.ui.text.highlighted_text import HighlightedTextData
from dlnlp.ui.text.shaded_html import shaded_html
from dlnlp.ui.text.take_away import SavedFile
from dlnlp.ui.text.text_network import TextNetwork


def text_network(predictor: KimCnnPredictor) -> TextNetwork[SentimentResult]:
    """What the shared views ask of an opened Kim CNN."""
    model = predictor.name

    def explained(attribution: Attribution[SentimentResult]) -> Explained:
        found = explaining.explain(model, attribution.reading.text)
        if found is None:
            raise ValueError("a text without words has no attribution; read it first")
        return found

    def attribute(
        result: SentimentResult, method: str, target: int, *, random: bool = False
    ) -> Attribution[SentimentResult]:
        name = cast(Method, method)
        return explaining.attribute(model, result.text, name, target, random=random)

    def view(
        attribution: Attribution[SentimentResult], scales: tuple[Ends, Ends] | None
    ) -> HighlightedTextData:
        name = cast(Method, attribution.method.name)
        return kim_data(attribution, METHODS[name], explained(attribution).evidence, scales=scales)

    def files(attribution: Attribution[SentimentResult]) -> Sequence[SavedFile]:
        result, evidence = attribution.reading, explained(attribution).evidence
        network = predictor.runtime.network
        numbers = partial(exports.result_json, evidence, attribution, network, model)
        return (
            SavedFile(
                "Words (CSV)", "words.csv", partial(exports.words_csv, evidence, attribution)
            ),
            SavedFile(
                "N-grams (CSV)", "ngrams.csv", partial(exports.regions_csv, result, evidence)
            ),
            SavedFile("Result (JSON)", "result.json", numbers),
            SavedFile(
                "Shaded text (HTML)",
                "shaded.html",
                lambda: shaded_html(view(attribution, None), prediction(answer_of(result))),
            ),
        )

    return TextNetwork(
        page=KIM,
        model=model,
        card=predictor.card,
        setting="method",
        methods={str(name): text for name, text in METHODS.items()},
        main=MAIN,
        read=partial(loading.read_sentiment, model),
        attribute=attribute,
        view=view,
        files=files,
    )
