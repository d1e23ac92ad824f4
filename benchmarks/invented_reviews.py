"""Star reviews of invented words, as many as wanted, in the published archive's layout.

    python -m benchmarks.invented_reviews FOLDER --documents 3650000

Then `DLNLP_DATA=FOLDER python -m train.prepare --dataset amazon_full` reads them: a file found
there is taken as it is, and only the number of its records is remarked on.

Words follow Zipf's law over 300,000 ranks; two in a hundred are new ones, as new spellings in real
text are. A review has about 5 sentences of about 14 words. Its stars decide which of the words
"fine0" to "fine4" occurs in it more often than others.
"""

import csv
import tarfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from dlnlp.commands.options import Parser, folder, seed, whole
from dlnlp.datasets import DATASETS

RANKS = 300_000
CHUNK = 5_000
NEW_WORDS = 0.02
TEST_SHARE = 650_000 / 3_650_000


def _spelled(numbers: NDArray[np.int64]) -> list[str]:
    """A word for each number: syllables of a consonant and a vowel."""
    syllables = np.array([c + v for c in "bdfgklmnprstvz" for v in "aeiou"], object)
    words = syllables[numbers % len(syllables)]
    rest = numbers // len(syllables)
    while rest.any():
        more = rest > 0
        words[more] = words[more] + syllables[rest[more] % len(syllables)]
        rest = rest // len(syllables)
    return list(words)


class Inventor:
    """Draws reviews.

    Args:
        seed: the same seed gives the same reviews.
    """

    def __init__(self, seed: int) -> None:
        self._rng = np.random.default_rng(seed)
        weights = 1 / (np.arange(RANKS) + 2.7)
        self._cumulated = np.cumsum(weights / weights.sum())
        self._words = np.array(_spelled(np.arange(RANKS)), object)

    def draw(self, count: int) -> list[tuple[int, str, str]]:
        """Rows of the CSV file: stars 1 to 5, title, text."""
        rng = self._rng
        stars = rng.integers(1, 6, count)
        sentences = np.minimum(rng.geometric(0.2, count), 40)
        lengths = np.clip(rng.lognormal(2.45, 0.6, sentences.sum()), 1, 60).astype(np.int64)
        total = int(lengths.sum())
        drawn = np.minimum(np.searchsorted(self._cumulated, rng.random(total)), RANKS - 1)
        words = self._words[drawn]
        new = rng.random(total) < NEW_WORDS
        words[new] = _spelled(rng.integers(RANKS, 10**12, int(new.sum())))
        owner = np.repeat(np.repeat(np.arange(count), sentences), lengths)
        told = rng.random(total) < 0.03
        noisy = np.where(rng.random(total) < 0.6, stars[owner] - 1, rng.integers(0, 5, total))
        words[told] = np.array([f"fine{n}" for n in range(5)], object)[noisy[told]]
        texts: list[list[str]] = [[] for _ in range(count)]
        for document, start, end in zip(
            np.repeat(np.arange(count), sentences).tolist(),
            (np.cumsum(lengths) - lengths).tolist(),
            np.cumsum(lengths).tolist(),
            strict=True,
        ):
            texts[document].append(" ".join(words[start:end]).capitalize() + ".")
        return [
            (int(s), text[0].partition(" ")[0].rstrip("."), " ".join(text))
            for s, text in zip(stars, texts, strict=True)
        ]


def write_archive(folder: Path, documents: int, seed: int = 1) -> Path:
    """Write the archive of `amazon_full` with so many reviews, train and test together."""
    spec = DATASETS["amazon_full"]
    folder.mkdir(parents=True, exist_ok=True)
    inventor = Inventor(seed)
    test = round(documents * TEST_SHARE)
    archive = folder / spec.file_name
    with tarfile.open(archive, "w:gz", compresslevel=1) as packed:
        for name, count in (("train", documents - test), ("test", test)):
            plain = folder / f"{name}.csv"
            with plain.open("w", encoding="utf-8", newline="") as file:
                writer = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n")
                for start in range(0, count, CHUNK):
                    writer.writerows(inventor.draw(min(CHUNK, count - start)))
            packed.add(plain, f"{spec.folder}/{name}.csv")
            plain.unlink()
    return archive


def main(arguments: Sequence[str] | None = None) -> None:
    """Writes the archive."""
    parser = Parser(prog="python -m benchmarks.invented_reviews", description=__doc__)
    parser.add_argument("folder", type=folder)
    parser.add_argument("--documents", type=whole(), default=3_650_000)
    parser.add_argument("--seed", type=seed, default=1)
    options = parser.parse_args(arguments)
    print(write_archive(options.folder, options.documents, options.seed))


if __name__ == "__main__":
    main()
