"""Whether explanations of whole sentences are faithful: rankings of a HAN's sentences, judged.

Beside what deleting the top sentences does, how well the numbers of each method agree with what
leaving each sentence out does: the correlation over the sentences of all documents. It is kept as
sums of each document, so that documents can be drawn with replacement for its interval.
"""

from collections.abc import Sequence
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlnlp.explain.attribution import sums_of_sentences
from dlnlp.explain.faithfulness import SENTENCE_CUTS, Document, measure_sentences
from dlnlp.explain.leave_one_out import without_each_sentence
from dlnlp.explain.log_odds import log_odds
from dlnlp.explain.written import sentence_parts
from train.texts.faithfulness_networks import JudgedHan
from train.texts.faithfulness_summary import MEASURES, Record, mean_interval

METHODS = (
    "attention",
    "attended",
    "written",
    "gradient_x_input",
    "integrated_gradients",
    "delete",
)
ABOUT = {
    "attention": "the share of the sentence, which has no sign",
    "attended": "attention times state times the class's weights: exact, by where it was attended",
    "written": "the GRU unrolled: exact, by what each sentence wrote",
    "gradient_x_input": "sums of the words of each sentence",
    "integrated_gradients": "sums of the words of each sentence",
    "delete": "change of the log odds without the sentence",
    "correlation": "of the numbers for the predicted class with `delete`, over all sentences",
    "correlation_of_classes": "of the parts of all logits, less their mean over the classes, with "
    "the change of the logits without the sentence, less its mean",
}
# Of the exact decompositions, which have a number for every class.
EXACT = ("attended", "written")
REPEATS = 1_000


def judge_sentences(
    network: JudgedHan, documents: Sequence[Document], seed: int, random_orders: int
) -> list[Record | None]:
    """Measure rankings of the sentences of some documents.

    Args:
        network: what reads them.
        documents: of any length.
        seed: of the random rankings.
        random_orders: how many of them.

    Returns:
        For each document, JSON-ready: by ranking both measures, floats ``[K]``; and the moments of
        :func:`moments` by method; None for a document of one sentence, of which nothing is left.
    """
    logits = network.predictor.runtime.logits(documents)
    predicted = logits.argmax(axis=1)
    gradients = network.gradients.explain(documents, predicted.tolist())
    found: list[Record | None] = []
    for number, document in enumerate(documents):
        if len(document) < 2:
            found.append(None)
            continue
        target = int(predicted[number])
        owners = np.repeat(np.arange(len(document)), [len(sentence) for sentence in document])
        without = network.predictor.runtime.logits(list(without_each_sentence(document, "delete")))
        reading = network.predictor.runtime.network.read(document)
        parts = sentence_parts(network.predictor.runtime.network, reading)
        scores: dict[str, NDArray[Any]] = {
            "attention": reading.document.attention,
            "attended": parts.attended[:, target],
            "written": parts.written[:, target],
            "gradient_x_input": sums_of_sentences(
                gradients[number].gradient_x_input, owners, len(document)
            ),
            "integrated_gradients": sums_of_sentences(
                gradients[number].integrated_gradients, owners, len(document)
            ),
            "delete": log_odds(logits[number])[target] - log_odds(without)[:, target],
        }

        def ask(some: list[Document], target: int = target) -> NDArray[np.float64]:
            return network.probabilities(some)[:, target]

        curves = measure_sentences(
            document, scores, ask, random_orders=random_orders, seed=seed + number
        )
        effects = _centred(logits[number] - without)
        found.append(
            {
                "curves": {
                    name: [curve.comprehensiveness.tolist(), curve.sufficiency.tolist()]
                    for name, curve in curves.items()
                },
                "moments": {name: moments(scores[name], scores["delete"]) for name in METHODS[:-1]},
                "moments_of_classes": {
                    name: moments(_centred(getattr(parts, name)), effects) for name in EXACT
                },
            }
        )
    return found


def _centred(values: NDArray[Any]) -> NDArray[np.float64]:
    """Less the mean over the classes: a softmax knows no more of logits. Float ``[S, C]``."""
    return np.asarray(values - values.mean(axis=1, keepdims=True), np.float64)


def moments(a: NDArray[Any], b: NDArray[Any]) -> list[float]:
    """What correlation and agreement in sign are made of, for values of one document.

    Args:
        a: float, any shape.
        b: float, of the same shape.

    Returns:
        How many, sums of a, b, a², b² and ab, and how many have the same sign.
    """
    a, b = np.ravel(a).astype(np.float64), np.ravel(b).astype(np.float64)
    sums = (len(a), a.sum(), b.sum(), (a * a).sum(), (b * b).sum(), (a * b).sum())
    return [*map(float, sums), float((np.sign(a) == np.sign(b)).sum())]


def correlation(sums: NDArray[np.float64]) -> NDArray[np.float64]:
    """Pearson's correlation from :func:`moments` that were added up.

    Args:
        sums: float64 ``[..., 7]``.

    Returns:
        float64 ``[...]``.
    """
    n, a, b, aa, bb, ab = np.moveaxis(sums, -1, 0)[:6]
    return np.asarray((n * ab - a * b) / np.sqrt((n * aa - a * a) * (n * bb - b * b)))


def _agreement(rows: NDArray[np.float64], seed: int = 0) -> dict[str, float]:
    """The correlation over documents ``[D, 7]`` with a bootstrap interval, and the same signs."""
    rng = np.random.default_rng(seed)
    drawn = np.array(
        [rows[rng.integers(0, len(rows), len(rows))].sum(axis=0) for _ in range(REPEATS)]
    )
    low, high = np.percentile(correlation(drawn), [2.5, 97.5])
    total = rows.sum(axis=0)
    return {
        "value": float(correlation(total)),
        "low": float(low),
        "high": float(high),
        "same_sign": float(total[6] / total[0]),
    }


def sentence_summary(records: Sequence[Record | None]) -> Record:
    """What the record says of all documents that have two sentences or more.

    Args:
        records: what :func:`judge_sentences` returned.

    Returns:
        ``judged`` and ``sentences``: how many; ``measures``: ranking -> measure -> mean over
        documents and cuts, interval, means at each cut; ``differences``: the same for pairs of
        rankings; ``correlation`` by method and ``correlation_of_classes`` of the exact ones.
    """
    known = [record for record in records if record is not None]
    names = [*METHODS, "random"]
    values = {name: np.array([r["curves"][name] for r in known], np.float64) for name in names}
    area = {name: values[name].mean(axis=2) for name in names}

    def agreements(key: str, methods: Sequence[str]) -> Record:
        return {name: _agreement(np.array([r[key][name] for r in known])) for name in methods}

    return {
        "judged": len(known),
        "sentences": int(sum(record["moments"]["written"][0] for record in known)),
        "cuts": list(SENTENCE_CUTS),
        "measures": {
            name: {
                measure: mean_interval(area[name][:, place])
                | {"by_cut": values[name][:, place].mean(axis=0).tolist()}
                for place, measure in enumerate(MEASURES)
            }
            for name in names
        },
        "differences": {
            f"{one} - {other}": {
                measure: mean_interval(area[one][:, place] - area[other][:, place])
                for place, measure in enumerate(MEASURES)
            }
            for one, other in combinations(names, 2)
        },
        "correlation": agreements("moments", METHODS[:-1]),
        "correlation_of_classes": agreements("moments_of_classes", EXACT),
    }
