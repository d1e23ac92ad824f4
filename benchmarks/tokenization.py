"""Speed of cutting text, ours against NLTK's, on one core, alternating in one run.

    DLNLP_DATA=... python -m benchmarks.tokenization [--documents 4000] [--rounds 3]

Reads the first reviews of reviews5 (or IMDB where that is what the machine has). Figures are the
median of the rounds; the ratio is that of the medians. NLTK's words are those of
`NLTKWordTokenizer` (the algorithm behind `word_tokenize`), its sentences those of
`PunktSentenceTokenizer` with the same parameters as ours.
"""

import statistics
import time
from collections.abc import Callable, Sequence
from itertools import islice

from nltk.tokenize import NLTKWordTokenizer
from nltk.tokenize import punkt as nltk_punkt

from dlnlp import datasets
from dlnlp.commands.options import Parser, whole
from dlnlp.text import Preprocessor
from dlnlp.text.cleaning import clean
from dlnlp.text.punkt import PunktParameters, sentence_spans
from dlnlp.text.words import EMOJI
from train.corpora.punkt_training import train_punkt


def nltk_splitter(parameters: PunktParameters) -> nltk_punkt.PunktSentenceTokenizer:
    """NLTK's sentence splitter with our parameters."""
    theirs = nltk_punkt.PunktParameters()
    theirs.abbrev_types = set(parameters.abbrev_types)
    theirs.collocations = set(parameters.collocations)
    theirs.sent_starters = set(parameters.sent_starters)
    theirs.ortho_context.update(parameters.ortho_context)
    return nltk_punkt.PunktSentenceTokenizer(theirs)


def main(arguments: Sequence[str] | None = None) -> None:
    """Prints the table."""
    parser = Parser(prog="python -m benchmarks.tokenization", description=__doc__)
    parser.add_argument("--documents", type=whole(), default=4000)
    parser.add_argument("--rounds", type=whole(), default=3)
    options = parser.parse_args(arguments)
    name = "reviews5" if datasets.find("reviews5") else "imdb"
    reviews = datasets.iterate(name, "train")
    texts = [review.text for review in islice(reviews, options.documents)]
    reviews.close()
    parameters = train_punkt(texts[:2000])
    splitter = nltk_splitter(parameters)
    tokenizer = NLTKWordTokenizer()
    preprocessor = Preprocessor(parameters)
    lines = [line for text in texts for line in clean(text)[0].split("\n") if line]

    def nltk_both() -> int:
        return sum(
            len(tokenizer.tokenize(line[start:end]))
            for line in lines
            for start, end in splitter.span_tokenize(line)
        )

    ours_and_theirs: dict[str, tuple[Callable[[], int], Callable[[], int]]] = {
        "words only": (
            lambda: sum(len(EMOJI(line)) for line in lines),
            lambda: sum(len(tokenizer.tokenize(line)) for line in lines),
        ),
        "sentences only": (
            lambda: sum(1 for line in lines for _ in sentence_spans(line, parameters)),
            lambda: sum(1 for line in lines for _ in splitter.span_tokenize(line)),
        ),
        "clean, sentences, words": (
            lambda: sum(len(s) for text in texts for s in preprocessor.token_lists(text)),
            nltk_both,
        ),
        "the same with offsets": (
            lambda: sum(len(s.tokens) for text in texts for s in preprocessor(text)),
            nltk_both,
        ),
    }
    megabytes = sum(len(text.encode()) for text in texts) / 1e6
    print(f"{len(texts)} reviews of {name}, {megabytes:.1f} MB, median of {options.rounds} rounds")
    print(f"{'':<26}{'ours':>12}{'NLTK':>12}{'ours':>10}{'NLTK':>10}{'ratio':>8}")
    print(f"{'':<26}{'items/s':>12}{'items/s':>12}{'MB/s':>10}{'MB/s':>10}{'':>8}")
    for title, (ours, nltks) in ours_and_theirs.items():
        seconds: tuple[list[float], list[float]] = ([], [])
        items = [0, 0]
        for _ in range(options.rounds):
            for place, work in enumerate((ours, nltks)):
                started = time.perf_counter()
                items[place] = work()
                seconds[place].append(time.perf_counter() - started)
        a, b = map(statistics.median, seconds)
        print(
            f"{title:<26}{items[0] / a:>12,.0f}{items[1] / b:>12,.0f}"
            f"{megabytes / a:>10.1f}{megabytes / b:>10.1f}{b / a:>8.1f}"
        )


if __name__ == "__main__":
    main()
