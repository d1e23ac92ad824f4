"""What the network of Kim (2014) does, step by step, and where the methods come from."""

from dataclasses import dataclass

import streamlit as st

from dlnlp.inference.sentiment_result import SentimentResult
from dlnlp.ui.shell.numbers import probability, signed


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the network: a heading, its formula and what it means."""

    title: str
    formula: str
    meaning: str


STEPS: tuple[Step, ...] = (
    Step(
        "Words become vectors",
        r"x_t = W_e\, w_t",
        "Each word is looked up in a table: one row of numbers a word, learned so that words used "
        "alike have rows alike. Words outside of the table share one row, UNK.",
    ),
    Step(
        "Filters look for phrases",
        r"a_{f,p} = b_f + \sum_{j=0}^{h-1} x_{p+j}^{\top} W_{f,j}",
        "A filter is a pattern for *h* words in a row. Its value is high where the words resemble "
        "the pattern. It slides over the whole text with the same weights, so it does not matter "
        "where a phrase stands.",
    ),
    Step(
        "Each filter keeps its best place only",
        r"z_f = \max_p\ \max(0,\ a_{f,p})",
        "Max pooling: one number a filter, however long the text. Everything else that the filter "
        "saw is forgotten; this is why the share of each filter belongs to one n-gram of the text. "
        "Padding never takes part.",
    ),
    Step(
        "A weighted sum, then a probability",
        r"s = c + \sum_f v_f\, z_f \qquad p = \frac{1}{1 + e^{-s}}",
        "Each filter speaks for one side: its weight is positive or negative. The order of words "
        "counts inside a filter only; what takes a whole sentence to understand, such as irony, "
        "often escapes it.",
    ),
)
SOURCES = (
    "Kim, Y. (2014). *Convolutional Neural Networks for Sentence Classification*. EMNLP. "
    "[D14-1181](https://aclanthology.org/D14-1181/) (the network)",
    "Johnson, R. and Zhang, T. (2015). *Effective Use of Word Order for Text Categorization with "
    "Convolutional Neural Networks*. NAACL. [N15-1011](https://aclanthology.org/N15-1011/) "
    "(predictive regions)",
    "Simonyan, K., Vedaldi, A. and Zisserman, A. (2014). *Deep Inside Convolutional Networks*. "
    "ICLR workshop. [arXiv:1312.6034](https://arxiv.org/abs/1312.6034) (gradients as saliency)",
    "Li, J., Chen, X., Hovy, E. and Jurafsky, D. (2016). *Visualizing and Understanding Neural "
    "Models in NLP*. NAACL. [N16-1082](https://aclanthology.org/N16-1082/) (saliency of words); "
    "Li, J., Monroe, W. and Jurafsky, D. (2016). *Understanding Neural Networks through "
    "Representation Erasure*. [arXiv:1612.08220](https://arxiv.org/abs/1612.08220) (leaving out)",
    "Sundararajan, M., Taly, A. and Yan, Q. (2017). *Axiomatic Attribution for Deep Networks*. "
    "ICML. [arXiv:1703.01365](https://arxiv.org/abs/1703.01365) (integrated gradients)",
)


def numbers_of(
    result: SentimentResult, embedding_dim: int, widths: tuple[int, ...]
) -> tuple[str, ...]:
    """What each step did with this review, a few words a step."""
    words, unknown = len(result.tokens), int((~result.token_known).sum())
    filters, fired = len(result.pooled), int((result.pooled > 0).sum())
    places = sum(max(words - width, 0) + 1 for width in widths)
    listed = ", ".join(map(str, widths[:-1])) + (" and " if len(widths) > 1 else "")
    return (
        f"{words:,} words, {unknown:,} of them unknown, {embedding_dim} numbers each.",
        f"{filters:,} filters for {listed}{widths[-1]} words, "
        f"{places * (filters // len(widths)):,} places compared.",
        f"{fired:,} of {filters:,} filters fired; the others stayed at 0.",
        f"a logit of {signed(float(result.logits[1]), 2)}, "
        f"{probability(result.probabilities[1])} positive.",
    )


def how_it_works(
    result: SentimentResult | None, embedding_dim: int, widths: tuple[int, ...]
) -> None:
    """Draw each step with its formula and the numbers of the review if there is one."""
    own = numbers_of(result, embedding_dim, widths) if result else ("",) * len(STEPS)
    for number, (step, numbers) in enumerate(zip(STEPS, own, strict=True), 1):
        with st.container(border=True):
            st.markdown(f"**{number}. {step.title}**")
            left, right = st.columns([5, 6], gap="medium", vertical_alignment="center")
            with left:
                st.latex(step.formula)
            with right:
                st.markdown(step.meaning)
                if numbers:
                    st.caption(f"Your review: {numbers}")
    with st.expander("Sources"):
        for source in SOURCES:
            st.markdown(f":small[{source}]")
