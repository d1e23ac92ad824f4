"""One contract for explanations: what a method says of each word and each sentence of a text.

Every method of every text network returns an :class:`Attribution`, for any class. Whoever draws,
compares or exports an explanation needs nothing else.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

import numpy as np
from numpy.typing import NDArray

from dlnlp.explain.targets import target_name
from dlnlp.inference.text_result import TextResult

Scale = Literal["share", "score", "logit", "norm"]


@dataclass(frozen=True, slots=True)
class Method:
    """How the numbers of an attribution are made.

    Attributes:
        name: in links, files and code.
        title: for people; the pages and the figures have no other.
        scale: what a number is. ``share``: of 1. ``score``: before a softmax, so that only
            differences count. ``logit``: in units of the logit or the log odds of a class, above 0
            for the class and below 0 against it. ``norm``: a length, at least 0.
        formula: formula for the number of word i.
        source: the paper.
    """

    name: str
    title: str
    scale: Scale
    formula: str
    source: str

    @property
    def signed(self) -> bool:
        """Whether a number may speak against the class."""
        return self.scale == "logit"


_YANG = "Yang et al. (2016), Hierarchical Attention Networks for Document Classification"
_LI = "Li et al. (2016), Understanding Neural Networks through Representation Erasure"

METHODS: Mapping[str, Method] = {
    method.name: method
    for method in (
        Method(
            "within",
            "Word attention",
            "share",
            "a_i = exp(s_i) / sum of exp(s_j) over its sentence",
            _YANG,
        ),
        Method(
            "product",
            "Word × sentence attention",
            "share",
            "a_i A_k, for word i of sentence k",
            _YANG,
        ),
        Method("raw", "Attention logit", "score", "s_i = tanh(W u_i + b) . c", _YANG),
        Method(
            "evidence",
            "Exact contribution",
            "logit",
            "sum of v_f (x_i . W_f) over the filters f whose winning region holds word i",
            "exact in a network of one convolution and a maximum over time",
        ),
        Method(
            "gradient_x_input",
            "Gradient × input",
            "logit",
            "x_i . dl/dx_i",
            "Shrikumar et al. (2016), Not Just a Black Box",
        ),
        Method(
            "integrated_gradients",
            "Integrated gradients",
            "logit",
            "x_i . (mean of dl/dx_i along t x for t from 0 to 1)",
            "Sundararajan et al. (2017), Axiomatic Attribution for Deep Networks",
        ),
        Method(
            "gradient_norm",
            "Gradient norm",
            "norm",
            "|dl/dx_i|",
            "Simonyan et al. (2014), Deep Inside Convolutional Networks",
        ),
        Method(
            "written",
            "Written",
            "logit",
            "l_k (w_i . s_k) / (s_k . s_k) for what word i wrote into the vector s_k of sentence k "
            "and what that sentence wrote into the logit, l_k",
            "exact: the GRU unrolled, after Murdoch & Szlam (2017), Automatic Rule Extraction from "
            "Long Short Term Memory Networks",
        ),
        Method(
            "delete", "Leave-one-out (delete)", "logit", "l(text) - l(text without word i)", _LI
        ),
        Method(
            "unknown", "Leave-one-out (mask)", "logit", "l(text) - l(text with word i unknown)", _LI
        ),
    )
}


@dataclass(frozen=True, slots=True)
class Additive:
    """What the words of an additive method should add up to: words + bias = total.

    Attributes:
        bias: what an empty text has.
        total: what this text has.
    """

    bias: float
    total: float


ResultT = TypeVar("ResultT", bound=TextResult, covariant=True)


@dataclass(frozen=True, eq=False)
class Attribution(Generic[ResultT]):
    """A number for each of N words and S sentences of a text, by one method.

    Attributes:
        method: how they are made.
        reading: the prediction that is explained: the text, its N words, the classes.
        token_sentence: index of each word's sentence, int64 ``[N]``, ascending.
        sentence_spans: character offsets of the sentences, int64 ``[S, 2]``.
        words: float32 ``[N]``.
        sentences: float32 ``[S]``.
        target: index of the class that is explained, or C for the upper against the lower
            classes (:mod:`dlnlp.explain.targets`); None where the method knows no class.
        additive: what the words should add up to; None where nothing should.
    """

    method: Method
    reading: ResultT
    token_sentence: NDArray[np.int64]
    sentence_spans: NDArray[np.int64]
    words: NDArray[np.float32]
    sentences: NDArray[np.float32]
    target: int | None = None
    additive: Additive | None = None

    @property
    def gap(self) -> float | None:
        """What the sum of the words misses of what it should be; None where nothing should be."""
        if self.additive is None:
            return None
        words = float(self.words.sum(dtype=np.float64))
        return words + self.additive.bias - self.additive.total

    @property
    def target_name(self) -> str:
        """Name of what is explained; empty where the method knows no class."""
        return "" if self.target is None else target_name(self.reading, self.target)


def sums_of_sentences(
    words: NDArray[np.float32], token_sentence: NDArray[np.int64], sentences: int
) -> NDArray[np.float32]:
    """The sum of each sentence's words.

    Args:
        words: float32 ``[N]``.
        token_sentence: index of each word's sentence, int64 ``[N]``.
        sentences: S.

    Returns:
        float32 ``[S]``.
    """
    return np.bincount(token_sentence, words, sentences).astype(np.float32)
