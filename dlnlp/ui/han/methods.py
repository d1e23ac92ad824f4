"""The methods that shade a review on the HAN page: their names, and what each number says."""

from collections.abc import Mapping
from typing import Literal, get_args

from dlnlp.ui.shell.parts import CHANGE, COMPARE, DURING, MAP, NETWORK, TRUTH, TWO
from dlnlp.ui.text.method_text import MethodText, second_names
from dlnlp.ui.text.review_page import TARGETS, UNTIL, ReviewPage

Attention = Literal["within", "product", "raw"]
Gradient = Literal["gradient_x_input", "integrated_gradients"]
LeftOut = Literal["delete", "unknown"]
Written = Literal["written"]
Method = Attention | Written | Gradient | LeftOut
ATTENTION: tuple[Attention, ...] = get_args(Attention)
GRADIENTS: tuple[Gradient, ...] = get_args(Gradient)
LEFT_OUT: tuple[LeftOut, ...] = get_args(LeftOut)

METHODS: Mapping[Method, MethodText] = {
    "within": MethodText(
        "Word attention",
        "Word attention",
        "shares of a sentence, which sum to 100 % in each, so that words of short sentences are "
        "darker.",
        "Sentence attention",
    ),
    "product": MethodText(
        "Word × sentence attention",
        "Word × sentence attention",
        "word attention times the attention of its sentence: shares of the whole review, which "
        "sum to 100 %.",
        "Sentence attention",
    ),
    "raw": MethodText(
        "Attention logit",
        "Attention logit",
        "the attention before the softmax; only their differences count, their zero means nothing.",
        "Attention logit",
    ),
    "written": MethodText(
        "Written",
        "Written",
        "what each sentence wrote into the document vector, in units of the class's logit: the GRU "
        "unrolled, exact, so that all of them and the bias are the logit. A sentence's part is "
        "divided among its words by what each of them wrote into the sentence vector.",
        "Written by the sentence",
    ),
    "gradient_x_input": MethodText(
        "Gradient × input",
        "Gradient × input",
        "the slope of the class's log odds at each word's vector, times that vector: blue speaks "
        "for the class, orange against it. True for small changes only.",
    ),
    "integrated_gradients": MethodText(
        "Integrated gradients",
        "Integrated gradient",
        "slopes averaged on the way from an empty text (all vectors zero) to yours, times the "
        "word vectors (Sundararajan et al. 2017). They should add up to the difference of the log "
        "odds at both ends; the gap says how well they do.",
    ),
    "delete": MethodText(
        "Leave-one-out (delete)",
        "Change when deleted",
        "how much of the class's log odds is lost when the word alone is deleted; beside a "
        "sentence, when the whole sentence is (Li et al. 2016). What several words carry together "
        "can be lost twice, or not at all, so these do not add up.",
        "Change without the sentence",
    ),
    "unknown": MethodText(
        "Leave-one-out (mask)",
        "Change when masked",
        "how much of the class's log odds is lost when the word alone, or a whole sentence, is "
        "replaced by unknown words. All others keep their places.",
        "Change without the sentence",
    ),
}
# What has a button of its own, and what stands on it.
MAIN: Mapping[str, str] = {
    "within": "Attention",
    "integrated_gradients": "Integrated gradients",
    "delete": "Leave-one-out",
}
HAN = ReviewPage(
    "han",
    {
        "shading": tuple(METHODS),
        "beside": tuple(second_names(METHODS)),
        "target": TARGETS,
        "until": UNTIL,
        "removal": ("off", "delete", "unknown"),
        "both": ("own", "unknown"),
        "part": (NETWORK, COMPARE, CHANGE, TRUTH, TWO, MAP, DURING),
    },
)
