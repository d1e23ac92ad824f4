"""How long one review takes from text to attention, in the process that answers the app.

    python -m benchmarks.latency [--model han_stars] [--words 250] [--repeats 200]

The review is one of the page's own examples, repeated to the length asked for.
"""

import argparse
import statistics
import time
from collections.abc import Callable, Sequence

from dlnlp.artifacts import WEIGHTS
from dlnlp.inference import HanPredictor
from dlnlp.ui.examples import examples_for


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


def main(arguments: Sequence[str] | None = None) -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.latency", description=__doc__)
    parser.add_argument("--model", default="han_stars")
    parser.add_argument("--words", type=int, default=250)
    parser.add_argument("--repeats", type=int, default=200)
    options = parser.parse_args(arguments)
    started = time.perf_counter()
    predictor = HanPredictor.load(WEIGHTS / options.model)
    loading = 1000 * (time.perf_counter() - started)
    example = examples_for(options.model)[0].text
    text = " ".join(([*example.split()] * (options.words // 20 + 1))[: options.words])
    sentences = predictor.preprocessor(text)
    ids = [predictor.vocabulary.encode(s.tokens) for s in sentences]
    print(f"{options.model}: loaded and verified in {loading:.0f} ms")
    print(f"{options.words} words, {len(sentences)} sentences; ms over {options.repeats} calls")
    for title, work in {
        "text to attention": lambda: predictor.predict(text),
        "of it: preprocessing": lambda: predictor.preprocessor(text),
        "of it: the network": lambda: predictor.run([ids]),
    }.items():
        times = timed(work, options.repeats)
        p95 = statistics.quantiles(times, n=20)[-1]
        print(f"{title:<24} median {statistics.median(times):6.2f}   p95 {p95:6.2f}")


if __name__ == "__main__":
    main()
