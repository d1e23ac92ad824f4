"""The shipped networks as :mod:`train.faithfulness` sees them: documents, scores, probabilities.

Imported before Keras elsewhere: gradients are JAX's.
"""

import os
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

os.environ["KERAS_BACKEND"] = "jax"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import numpy as np
from numpy.typing import NDArray

from dlnlp.corpus.packing import BatchShape
from dlnlp.corpus.splits import Split
from dlnlp.explain.evidence import evidence
from dlnlp.explain.faithfulness import Document
from dlnlp.explain.leave_one_out import network_effects, sentences_without_each
from dlnlp.explain.log_odds import log_odds
from dlnlp.explain.saliency import saliency
from dlnlp.inference import HanPredictor, KimCnnPredictor, TextPredictor, load_predictor
from dlnlp.inference.sentiment_result import SentimentResult
from dlnlp.inference.softmax import softmax
from dlnlp.tasks.han_gradients import NODES, HanGradients

Scores = Mapping[str, NDArray[np.floating[Any]]]
# Rankings by size alone, which say that a word matters, not for which side.
UNSIGNED = {"attention", "gradient_x_input_size", "gradient_norm"}


class JudgedNetwork(ABC):
    """What is asked of a network.

    Attributes:
        methods: names of its rankings, the page's own first.
        about: how they were computed, for the record.
        predictor: the network.
    """

    methods: tuple[str, ...]
    about: dict[str, Any]
    predictor: TextPredictor

    @abstractmethod
    def document(self, split: Split, index: int) -> Document:
        """The part of a document that the network reads: sentences, int32 ``[words]`` each."""

    @abstractmethod
    def explained(self, documents: Sequence[Document]) -> tuple[NDArray[np.int64], list[Scores]]:
        """Explain the prediction for each of D documents.

        Args:
            documents: sentences of each document, int32 ``[words]`` each.

        Returns:
            Predicted classes, int64 ``[D]``, and for each document the word scores for its
            predicted class by method, float ``[N]``.
        """

    def probabilities(self, documents: Sequence[Document]) -> NDArray[np.float64]:
        """Probabilities of all classes, float64 ``[D, C]``, computed by ONNX Runtime."""
        return softmax(self.predictor.logits(documents))


class JudgedHan(JudgedNetwork):
    """A Hierarchical Attention Network: attention, gradients, leave-one-out by deletion."""

    methods = (
        "attention",
        "gradient_x_input_size",
        "gradient_x_input",
        "integrated_gradients",
        "delete",
    )

    predictor: HanPredictor

    def __init__(self, directory: Path, predictor: HanPredictor) -> None:
        self.predictor = predictor
        shape = BatchShape(
            rows=256, row_length=predictor.preprocessor.max_words,
            grid_rows=32, grid_length=predictor.preprocessor.max_sentences, documents=384,
        )  # fmt: skip
        self.gradients = HanGradients.load(directory, shape)
        self.about = {
            "attention": "of the word times that of its sentence",
            "gradient_x_input_size": "without its sign, as attention has none",
            "integrated_gradients": f"from zero vectors, Gauss-Legendre, {NODES} nodes",
        }

    def document(self, split: Split, index: int) -> Document:
        """The sentences that the network reads of a document, int32 ``[words]`` each."""
        return split.sentences(index, self.predictor.preprocessor.max_sentences)

    def explained(self, documents: Sequence[Document]) -> tuple[NDArray[np.int64], list[Scores]]:
        """Predicted classes, int64 ``[D]``, and each document's word scores, float ``[N]``."""
        outputs = self.predictor.run(documents)
        odds, predicted = log_odds(outputs.logits), outputs.logits.argmax(axis=1)
        gradients = self.gradients.explain(documents, predicted.tolist())
        found: list[Scores] = []
        for number, document in enumerate(documents):
            target = int(predicted[number])
            without = self.predictor.logits(list(sentences_without_each(document, "delete")))
            owners = np.repeat(np.arange(len(document)), [len(sentence) for sentence in document])
            found.append(
                {
                    "attention": outputs.word_attention[number]
                    * outputs.sentence_attention[number][owners],
                    "gradient_x_input_size": np.abs(gradients[number].gradient_x_input),
                    "gradient_x_input": gradients[number].gradient_x_input,
                    "integrated_gradients": gradients[number].integrated_gradients,
                    "delete": odds[number, target] - log_odds(without)[:, target],
                }
            )
        return predicted.astype(np.int64), found


class JudgedKimCnn(JudgedNetwork):
    """A Kim CNN: exact evidence (which is gradient x input), gradients, leave-one-out."""

    methods = (
        "gradient_x_input",
        "integrated_gradients",
        "gradient_norm",
        "delete",
    )
    about = {
        "gradient_x_input": "in this network the exact evidence of the words",
        "integrated_gradients": "from zero vectors, the exact integral",
    }

    predictor: KimCnnPredictor

    def __init__(self, predictor: KimCnnPredictor) -> None:
        self.predictor = predictor

    def document(self, split: Split, index: int) -> Document:
        """The words that the network reads of a document, as one sentence, int32 ``[words]``."""
        return [split.tokens(index)[: self.predictor.max_tokens].astype(np.int32)]

    def explained(self, documents: Sequence[Document]) -> tuple[NDArray[np.int64], list[Scores]]:
        """Predicted classes, int64 ``[D]``, and each document's word scores, float ``[N]``.

        All methods are computed in closed form.
        """
        runtime = self.predictor.runtime
        outputs = runtime.run([document[0] for document in documents])
        found: list[Scores] = []
        predicted = outputs.logits.argmax(axis=1)
        for number, (ids,) in enumerate(documents):
            result = SentimentResult(
                text="", class_names=self.predictor.class_names, logits=outputs.logits[number],
                sentence_spans=np.zeros((1, 2), np.int64),
                token_spans=np.zeros((len(ids), 2), np.int64), tokens=("",) * len(ids),
                token_sentence=np.zeros(len(ids), np.int64), token_known=np.ones(len(ids), bool),
                token_ids=ids, document_vector=outputs.pooled[number],
                positions=outputs.positions[number], cut_from=None,
            )  # fmt: skip
            network, target = runtime.network, int(predicted[number])
            found.append(
                {
                    "gradient_x_input": evidence(result, network, target).words,
                    "integrated_gradients": saliency(
                        result, network, "integrated_gradients", target
                    ).words,
                    "gradient_norm": saliency(result, network, "gradient", target).words,
                    "delete": network_effects(ids, network, "delete", target),
                }
            )
        return predicted.astype(np.int64), found


def open_network(directory: Path) -> JudgedNetwork:
    """Open a directory of weights; raises ArtifactError."""
    predictor = load_predictor(directory)
    if isinstance(predictor, HanPredictor):
        return JudgedHan(directory, predictor)
    return JudgedKimCnn(predictor)
