"""The words and formulas beside the pictures of the Hierarchical Attention Network."""

from dataclasses import dataclass

import streamlit as st

from dlnlp.inference.attention_result import AttentionResult
from dlnlp.ui.han import architecture
from dlnlp.ui.shell.picture import draw


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the network: a heading, its formula and what it means."""

    title: str
    formula: str
    meaning: str


STEPS: tuple[Step, ...] = (
    Step(
        "Words become vectors",
        r"x_{it} = W_e\, w_{it}",
        "Word *t* of sentence *i* is looked up in a table: one row of numbers for each known word, "
        "learned so that words used alike have rows alike. Words outside of the table share one "
        "row, UNK.",
    ),
    Step(
        "Two GRUs read the sentence, one forward, one backward",
        r"h_{it} = [\overrightarrow{\mathrm{GRU}}(x_{it});\ \overleftarrow{\mathrm{GRU}}(x_{it})]",
        "A GRU (gated recurrent unit) walks along the words with a memory; its gates decide what "
        "to keep and what to forget. Both memories together, *h*, are the word **in its context**.",
    ),
    Step(
        "Word attention sums up the sentence",
        r"\begin{aligned} u_{it} &= \tanh(W_w h_{it} + b_w) \\ "
        r"\alpha_{it} &= \frac{\exp(u_{it}^{\top} u_w)}{\sum_t \exp(u_{it}^{\top} u_w)} \\ "
        r"s_i &= \textstyle\sum_t \alpha_{it} h_{it} \end{aligned}",
        "Each word gets an attention logit: how well it fits a learned question, the vector *u*. "
        "The softmax turns the logits of a sentence into shares that sum to 100 %, the "
        ":blue[**blue**] shading. The sentence vector is the average of its words, "
        "weighted by these shares.",
    ),
    Step(
        "The same again, over sentences",
        r"h_i = [\overrightarrow{\mathrm{GRU}}(s_i);\ \overleftarrow{\mathrm{GRU}}(s_i)]",
        "A second pair of GRUs reads the sentence vectors in their order, so that “but then it "
        "broke” can change the weight of what was said before.",
    ),
    Step(
        "Sentence attention sums up the review",
        r"\begin{aligned} u_i &= \tanh(W_s h_i + b_s) \\ "
        r"\beta_i &= \frac{\exp(u_i^{\top} u_s)}{\sum_i \exp(u_i^{\top} u_s)} \\ "
        r"v &= \textstyle\sum_i \beta_i h_i \end{aligned}",
        "The :orange[**orange**] shares: how much each sentence adds to the one vector that stands "
        "for the whole review. It is the cross on the map.",
    ),
    Step(
        "A softmax predicts",
        r"p = \mathrm{softmax}(W_c\, v + b_c)",
        "One number for each class, turned into probabilities. Expected stars are their average: "
        "each star level times its probability.",
    ),
)


def how_it_works(result: AttentionResult | None, embedding_dim: int) -> None:
    """Draw each step: picture, formula, meaning, and the numbers of the review if there is one."""
    shown = architecture.illustrate(result) if result else architecture.SAMPLE
    own = architecture.numbers_of(result, embedding_dim) if result else ("",) * len(STEPS)
    drawn = zip(STEPS, architecture.pictures(shown), own, strict=True)
    for number, (step, picture, numbers) in enumerate(drawn, 1):
        with st.container(border=True):
            st.markdown(f"**{number}. {step.title}**")
            left, right = st.columns([5, 6], gap="medium", vertical_alignment="center")
            with left:
                draw(picture, key=f"han_picture_{number}")
            with right:
                st.latex(step.formula)
                st.markdown(step.meaning)
                if numbers:
                    st.caption(f"Your review: {numbers}")
    with st.container(border=True):
        st.markdown(
            "**Attention is not proof.** It says where the network looked, not what caused its "
            "prediction. A word has already seen its neighbours when it is weighted (step 2), so a "
            "blue “the” can carry the “wonderful” next to it, and other weights can give the same "
            "prediction. To test a cause, change the text and watch the bars."
        )
