"""Small archives in the published formats, with invented reviews."""

import csv
import io
import tarfile
from pathlib import Path

import numpy as np

from dlnlp.datasets import Review
from train.corpora.source import is_validation

OPINIONS = (
    ("awful", "It broke at once.", "I want my money back!"),
    ("poor", "It hardly works.", "Not worth it."),
    ("okay", "It does its job.", "Neither good nor bad."),
    ("good", "It works well.", "I like it."),
    ("superb", "It never fails.", "Best purchase ever!"),
)
THINGS = "lamp chair phone kettle book radio jacket tent camera piano".split()
FILMS = [f"tt{number:07d}" for number in range(1, 41)]
BAD_ROWS = ('"7","seven","stars"\n', '"5","two columns"\n', '"3","\\xff a \0 byte",""\n')


def opinion(rng: np.random.Generator, stars: int) -> str:
    """A text of two to five sentences that tells its stars (0 to 4), each text another."""
    word, *sentences = OPINIONS[stars]
    thing, other = rng.choice(THINGS, 2, replace=False)
    said = [f"The {thing} is {word}.", *sentences, f"My {other} from Mr. Bell is older."]
    kept = [said[i] for i in sorted(rng.choice(4, rng.integers(2, 5), replace=False))]
    return " ".join([*kept, f"Number {rng.integers(10**9)}."])


def star_rows(count: int, seed: int) -> list[tuple[int, str, str]]:
    """Rows (stars 1 to 5, title, text); three stars are rare."""
    rng = np.random.default_rng(seed)
    stars = rng.choice(5, count, p=[0.25, 0.2, 0.1, 0.2, 0.25])
    return [(int(s) + 1, f"Review {n}", opinion(rng, s)) for n, s in enumerate(stars)]


def write_stars(folder: Path) -> Path:
    """`reviews5_csv.tar.gz`: 300 + 3 bad rows to train, 60 + 1 to test.

    "valonly" occurs in the validation part of train alone, "testonly" in test alone, each in many
    texts.
    """
    train, test = [], []
    for stars, title, text in star_rows(300, seed=1):
        marked = f"{title}\n{text} Valonly."
        held_out = is_validation("reviews5", Review(marked, stars - 1, "", 0))
        train.append(_csv(stars, title, f"{text} Valonly." if held_out else text))
    for stars, title, text in star_rows(60, seed=2):
        test.append(_csv(stars, title, f"{text} Testonly."))
    for place, row in zip((10, 150, 303), BAD_ROWS, strict=False):
        train.insert(place, row)
    test.insert(30, BAD_ROWS[0])
    files = {}
    for name, rows in (("train", train), ("test", test)):
        sources = [("shop" if n % 3 else "café") + ",x\n" for n in range(len(rows))]
        files[f"{name}.csv"] = "".join(rows)
        files[f"{name}_sources.csv"] = "source,domain\n" + "".join(sources)
    return _pack(folder / "reviews5_csv.tar.gz", "reviews5_csv", files)


def write_texts(folder: Path, texts: list[str]) -> Path:
    """`reviews5_csv.tar.gz` of given texts without titles, the same to train and to test."""
    rows = "".join(_csv(n % 5 + 1, "", text) for n, text in enumerate(texts))
    sources = "source,domain\n" + "shop,x\n" * len(texts)
    files = {}
    for name in ("train", "test"):
        files |= {f"{name}.csv": rows, f"{name}_sources.csv": sources}
    return _pack(folder / "reviews5_csv.tar.gz", "reviews5_csv", files)


def write_imdb(folder: Path) -> Path:
    """`aclImdb_v1.tar.gz`: 160 reviews to train, 60 to test, 192 without labels.

    The last two of the unlabelled texts are copies: of a test text and of a validation text.
    """
    rng = np.random.default_rng(3)
    files: dict[str, str] = {}

    def add(part: str, films: list[str], texts: list[str], rating: int) -> None:
        address = "http://www.imdb.com/title/{}/usercomments\n"
        split, name = part.split("/")
        files[f"{split}/urls_{name}.txt"] = "".join(address.format(film) for film in films)
        files.update({f"{part}/{n}_{rating}.txt": text for n, text in enumerate(texts)})

    held_out = ""
    for name, stars, rating in (("pos", 4, 9), ("neg", 0, 2)):
        films = [FILMS[n % 30] for n in range(80)]
        texts = [opinion(rng, stars).replace(". ", ".<br /><br />", 1) for _ in films]
        held_out = next(
            text
            for film, text in zip(films, texts, strict=True)
            if is_validation("imdb", Review(text, 0, film, 0))
        )
        add(f"train/{name}", films, texts, rating)
        texts = [f"{opinion(rng, stars)} Testonly." for _ in range(30)]
        add(f"test/{name}", FILMS[30:] * 3, texts, rating)
    texts = [f"{opinion(rng, int(rng.choice([0, 4])))} Unlabelled." for _ in range(190)]
    copies = [files["test/pos/7_9.txt"], held_out]
    add("train/unsup", FILMS[:10] * 20, [*texts, *copies], 0)
    return _pack(folder / "aclImdb_v1.tar.gz", "aclImdb", files)


def _csv(stars: int, title: str, text: str) -> str:
    line = io.StringIO()
    csv.writer(line, quoting=csv.QUOTE_ALL, lineterminator="\n").writerow([stars, title, text])
    return line.getvalue()


def _pack(path: Path, top: str, files: dict[str, str]) -> Path:
    with tarfile.open(path, "w:gz", compresslevel=1) as archive:
        for name, text in files.items():
            data = text.encode()
            member = tarfile.TarInfo(f"{top}/{name}")
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return path
