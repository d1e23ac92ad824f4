"""Small tables in the shapes that people bring, invented word by word."""

import csv
from pathlib import Path

import numpy as np

NEWS = tuple(
    "space chess opera cricket wine robots glaciers railways banks elections vaccines volcanoes "
    "bees bridges comics satellites tennis whales fashion chips".split()
)
TWEETS = {
    "negative": ("ugh this again 😡", "worst queue ever 👎🏽", "why is it down #fail"),
    "neutral": ("the shop opens at nine", "meeting moved to monday", "train at platform 4"),
    "positive": ("love it 😍", "best day ever 🎉🎉", "so happy with this #win"),
}
HOTEL = {
    "gut": ("Das Zimmer war sauber.", "Sehr freundliches Personal!", "Das Frühstück war köstlich."),
    "schlecht": ("Das Bett war schmutzig.", "Der Kellner war unfreundlich.", "Nie wieder, z.B."),
}
SMS = {
    "spam": ("WINNER! Claim your prize at www.example.com", "Free ringtone, text YES to 80800"),
    "ham": ("see you at six then", "did you feed the cat", "ok mum, love you"),
}


def write(path: Path, rows: list[tuple[str, str]]) -> Path:
    """A table with the columns text and label."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["text", "label"])
        writer.writerows(rows)
    return path


def phrases(kinds: dict[str, tuple[str, ...]], count: int, seed: int) -> list[tuple[str, str]]:
    """Rows of one to three phrases of a class, each row another by its last word."""
    rng = np.random.default_rng(seed)
    names = list(kinds)
    rows = []
    for number in range(count):
        name = names[rng.integers(len(names))]
        said = rng.choice(kinds[name], rng.integers(1, 3))
        rows.append((f"{' '.join(said)} ref{number}", name))
    return rows


def news(count: int, seed: int) -> list[tuple[str, str]]:
    """Rows of 20 classes: some neutral words and two of the topic."""
    rng = np.random.default_rng(seed)
    filler = "today officials said that new reports about it were seen by many people here".split()
    rows = []
    for number in range(count):
        topic = NEWS[rng.integers(len(NEWS))]
        words = [*rng.choice(filler, 8), topic, f"{topic}2", f"ref{number}"]
        rows.append((" ".join(rng.permutation(words)), topic))
    return rows
