"""The methods that shade a review on the Kim CNN page: their names, and what each number says."""

from collections.abc import Mapping
from typing import Literal

from dlnlp.examples.texts import KIM_EXAMPLES
from dlnlp.ui.shell.parts import CHANGE, COMPARE, DURING, MAP, NETWORK, TRUTH, TWO
from dlnlp.ui.text.method_text import MethodText, second_names
from dlnlp.ui.text.review_page import TARGETS, UNTIL, ReviewPage

Method = Literal[
    "evidence", "gradient_x_input", "integrated_gradients", "gradient_norm", "delete", "unknown"
]


# Titles of the page's tabs.
ARGUMENTS = "Top n-grams"

METHODS: Mapping[Method, MethodText] = {
    "evidence": MethodText(
        "Exact contribution",
        "Contribution",
        "what each word added to the logit. Nothing is estimated: a filter counts only where it "
        "fired most, so its share belongs to those words, and the shares add up to the logit.",
    ),
    "gradient_x_input": MethodText(
        "Gradient × input",
        "Gradient × input",
        "the slope of the logit at each word's vector, times that vector. This network is linear "
        "between its switches, so these are the exact contributions once more. In most networks "
        "they would only be an estimate.",
    ),
    "integrated_gradients": MethodText(
        "Integrated gradients",
        "Integrated gradient",
        "slopes averaged on the way from an empty text (all vectors zero) to yours, times the "
        "word vectors (Sundararajan et al. 2017). They should add up to the difference of both "
        "logits; the gap says how well they do.",
    ),
    "gradient_norm": MethodText(
        "Gradient norm",
        "Gradient norm",
        "how steeply the logit could change with each word's vector, in any direction "
        "(Simonyan et al. 2014). It has no sign: a dark word matters, for good or ill.",
    ),
    "delete": MethodText(
        "Leave-one-out (delete)",
        "Change when deleted",
        "how much of the logit is lost when the word alone is deleted and its neighbours close up "
        "(Li et al. 2016). What several words carry together can be lost twice, or not at all, "
        "so these do not add up.",
    ),
    "unknown": MethodText(
        "Leave-one-out (mask)",
        "Change when masked",
        "how much of the logit is lost when the word alone is replaced by UNK, the vector of all "
        "unknown words. The other words keep their places.",
    ),
}
# What has a button of its own, and what stands on it.
MAIN: Mapping[str, str] = {
    "evidence": "Contribution",
    "integrated_gradients": "Integrated gradients",
    "delete": "Leave-one-out",
}
KIM = ReviewPage(
    "kim_cnn",
    {
        "method": tuple(METHODS),
        "beside": tuple(second_names(METHODS)),
        "target": TARGETS,
        "until": UNTIL,
        "removal": ("off", "delete", "unknown"),
        "both": ("own", "unknown"),
        "part": (NETWORK, ARGUMENTS, COMPARE, CHANGE, TRUTH, TWO, MAP, DURING),
    },
    examples=KIM_EXAMPLES,
)
