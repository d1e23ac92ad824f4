"""How long one review takes, from text to answer and explanation, in the process of the app.

    python -m benchmarks.latency [--model han_stars] [--words 250] [--repeats 200]

The review is one of the page's own examples, repeated to the length asked for. A HAN's answer holds
its attention; a Kim CNN's evidence, saliency and leave-one-out come on top of its answer.
"""

import statistics
import time
from collections.abc import Callable, Sequence

from dlnlp.artifacts import WEIGHTS
from dlnlp.commands.options import Parser, whole
from dlnlp.explain.evidence import evidence
from dlnlp.explain.leave_one_out import network_effects
from dlnlp.explain.saliency import saliency
from dlnlp.inference import HanPredictor, KimCnnPredictor, load_predictor
from dlnlp.ui.text.examples import examples_for


def timed(work: Callable[[], object], repeats: int) -> list[float]:
    """Milliseconds of each call, after ten that do not count."""
    for _ in range(10):
        work()
    times = []
    for _ in range(repeats):
        started = time.perf_counter()
        work()
        times.append(1000 * (time.perf_counter() - started))
    return times


def parts(predictor: HanPredictor | KimCnnPredictor, text: str) -> dict[str, Callable[[], object]]:
    """What is timed, by title."""
    work: dict[str, Callable[[], object]] = {
        "text to answer": lambda: predictor.predict(text),
        "of it: preprocessing": lambda: predictor.preprocessor(text),
    }
    if isinstance(predictor, HanPredictor):
        ids = [predictor.vocabulary.encode(s.tokens) for s in predictor.preprocessor(text)]
        return work | {"of it: the network": lambda: predictor.run([ids])}
    result, network = predictor.predict(text), predictor.runtime.network
    ids, target = result.token_ids, result.predicted
    return work | {
        "of it: the network": lambda: predictor.runtime.run([ids]),
        "exact evidence": lambda: evidence(result, network, target),
        "gradient": lambda: saliency(result, network, "gradient_x_input", target),
        "integrated gradients": lambda: saliency(result, network, "integrated_gradients", target),
        "leave one out, all words": lambda: network_effects(ids, network, "delete", target),
    }


def main(arguments: Sequence[str] | None = None) -> None:
    """Prints the table."""
    parser = Parser(prog="python -m benchmarks.latency", description=__doc__)
    parser.add_argument("--model", default="han_stars")
    parser.add_argument("--words", type=whole(), default=250)
    parser.add_argument("--repeats", type=whole(), default=200)
    options = parser.parse_args(arguments)
    started = time.perf_counter()
    predictor = load_predictor(WEIGHTS / options.model)
    loading = 1000 * (time.perf_counter() - started)
    example = examples_for(options.model)[0].text
    text = " ".join(([*example.split()] * (options.words // 20 + 1))[: options.words])
    print(f"{options.model}: loaded and verified in {loading:.0f} ms")
    print(f"{options.words} words; ms over {options.repeats} calls")
    for title, work in parts(predictor, text).items():
        times = timed(work, options.repeats)
        p95 = statistics.quantiles(times, n=20)[-1]
        print(f"{title:<24} median {statistics.median(times):6.2f}   p95 {p95:6.2f}")


if __name__ == "__main__":
    main()
