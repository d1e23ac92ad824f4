"""When to use which schedule, in plain words, with what the papers claimed."""

import streamlit as st

from dlnlp.ui.shell.tables import table

_WHEN = (
    (
        "Constant",
        "A first look: is the rate roughly right? Late in training it keeps jumping around the "
        "minimum.",
        "",
    ),
    (
        "Step decay",
        "A known recipe to repeat; when to drop must be found by trial.",
        "Drops to a tenth, three in 90 epochs, for ImageNet [5]",
    ),
    (
        "Exponential, polynomial, cosine",
        "A fixed budget of epochs: one fall to nearly nothing, little to tune.",
        "One cosine over the whole budget kept up with step decay [3]",
    ),
    (
        "Warm restarts",
        "You may want to stop at several points: each cycle ends with a low rate.",
        "Fewer epochs to good results on CIFAR [3]",
    ),
    (
        "Warm-up",
        "Large batches, or networks whose first steps are unstable.",
        "Batches of 8,192 images as accurate as small ones, with the rate scaled by the size [5]",
    ),
    (
        "Inverse square root",
        "Transformers, when the end of the training is not fixed.",
        "The schedule of the first Transformer [4]",
    ),
    (
        "Triangular (cyclical)",
        "No rate is known: two bounds from a range test replace the search for the one best rate.",
        "As accurate or more so, often in fewer steps [1]",
    ),
    (
        "One-cycle",
        "A short budget: one rise to a large rate, which also regularises; momentum the other way "
        "round.",
        "“Super-convergence” in some settings, other regularisation reduced [2]",
    ),
)
_PAPERS = (
    "Smith, L. N. (2017). *Cyclical Learning Rates for Training Neural Networks*. WACV. "
    "[arXiv:1506.01186](https://arxiv.org/abs/1506.01186)",
    "Smith, L. N. (2018). *A Disciplined Approach to Neural Network Hyper-Parameters: Part 1*. "
    "[arXiv:1803.09820](https://arxiv.org/abs/1803.09820)",
    "Loshchilov, I. and Hutter, F. (2017). *SGDR: Stochastic Gradient Descent with Warm "
    "Restarts*. ICLR. [arXiv:1608.03983](https://arxiv.org/abs/1608.03983)",
    "Vaswani, A. et al. (2017). *Attention Is All You Need*. NeurIPS. "
    "[arXiv:1706.03762](https://arxiv.org/abs/1706.03762)",
    "Goyal, P. et al. (2017). *Accurate, Large Minibatch SGD: Training ImageNet in 1 Hour*. "
    "[arXiv:1706.02677](https://arxiv.org/abs/1706.02677)",
)


def section() -> None:
    """Draw the table and the papers."""
    st.header("When to use which", anchor=False)
    rows = [
        {"schedule": f"**{a}**", "when it helps": b, "what was claimed": c} for a, b, c in _WHEN
    ]
    table(rows)
    st.markdown(
        "**Momentum in antiphase.** Rate and momentum both lengthen the step, so when one rises "
        "the other gives way: 0.95 where the rate is lowest, 0.85 where it is highest [2]. "
        "**Batch size.** Fewer, larger batches make fewer steps per epoch; the linear rule raises "
        "the rate with the batch [5]. These are rules of thumb found on image networks: the race "
        "above shows what holds for one small network, not for yours."
    )
    st.markdown("  \n".join(f":small[[{k}] {paper}]" for k, paper in enumerate(_PAPERS, 1)))
