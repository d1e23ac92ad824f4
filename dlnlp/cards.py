"""Model cards side by side: what each shipped network reaches, in numbers that can be compared.

A card is the ``card.json`` of a directory of weights. Knows no network and opens none.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from dlnlp.artifacts import ArtifactDirectory

# By the card's names, in the order of tables.
MEASURES: Mapping[str, str] = {
    "accuracy": "accuracy",
    "mean_recall": "mean per-class recall",
    "within_one": "within one star",
    "calibration_error": "calibration error",
}

# What people call a network, wherever one is named: on pages, in tables, in the help of commands.
_TITLES: Mapping[str, str] = {
    "han_stars": "HAN · star reviews",
    "han_imdb": "HAN · film reviews",
    "kim_cnn": "Kim CNN · film reviews",
    "mnist_cnn": "CNN · digits",
}


# The sentence among a card's limits of a network that has learned nothing.
AT_CHANCE = "On test it is not clearly better than always naming the most frequent class."
MARK = "~"  # in the name of a directory: what follows tells it from others of one name


def model_title(name: str) -> str:
    """What a network is called, by the name of its directory; that name where it has no other."""
    return _TITLES.get(name, name.partition(MARK)[0])


@dataclass(frozen=True, slots=True)
class Measure:
    """A share in [0, 1] with the ends of its 95 % interval, where the card has one."""

    value: float
    low: float | None = None
    high: float | None = None

    @property
    def percent(self) -> str:
        """For people: ``91.9 % (91.5 to 92.2)``; two digits above 99 %."""
        return self.in_percent(2 if self.value > 0.99 else 1)

    def in_percent(self, digits: int) -> str:
        """For people, with so many digits behind the point."""
        value = f"{100 * self.value:.{digits}f} %"
        if self.low is None or self.high is None:
            return value
        return f"{value} ({100 * self.low:.{digits}f} to {100 * self.high:.{digits}f})"


@dataclass(frozen=True, slots=True)
class OverSeeds:
    """Accuracy of the same training from several random starts."""

    seeds: int
    mean: float
    standard_deviation: float

    @property
    def percent(self) -> str:
        """For people: ``91.93 ± 0.09 % (3 seeds)``."""
        spread = 100 * self.standard_deviation
        return f"{100 * self.mean:.2f} ± {spread:.2f} % ({self.seeds} seeds)"


@dataclass(frozen=True, slots=True)
class CalibrationBin:
    """Answers of like probability: how many, the mean of it, and how often it came true."""

    cases: int
    probability: float
    came_true: float


@dataclass(frozen=True)
class ModelSummary:
    """What a card says of its network.

    Attributes:
        name: name of the directory of weights.
        architecture: in words.
        dataset: name of the data set.
        test_cases: documents or digits that the measures are of.
        measures: on the test split, those of MEASURES that the card has.
        over_seeds: None for a network that was trained once.
        baselines: accuracy of simpler models on the same test split, by name.
        calibration: the reliability curve on the test split; empty where the card has none.
        parameters: number of parameters of the whole network, its embeddings included.
        megabytes: size of the directory, in units of 1e6 bytes.
        sha256: SHA-256 of the card, which holds those of all other files.
    """

    name: str
    architecture: str
    dataset: str
    test_cases: int
    measures: Mapping[str, Measure]
    over_seeds: OverSeeds | None
    baselines: Mapping[str, float]
    calibration: tuple[CalibrationBin, ...]
    parameters: int
    megabytes: float
    sha256: str
    card: Mapping[str, Any] = field(repr=False)

    @property
    def title(self) -> str:
        """What the network is called."""
        return model_title(self.name)

    @property
    def error(self) -> Measure | None:
        """The share of test cases that it gets wrong; None where the card does not say."""
        accuracy = self.measures.get("accuracy")
        if accuracy is None:
            return None
        low, high = (None if end is None else 1 - end for end in (accuracy.high, accuracy.low))
        return Measure(1 - accuracy.value, low, high)


def summarize(opened: ArtifactDirectory) -> ModelSummary:
    """Read the card of a verified directory; what it lacks is left out."""
    card = opened.card
    test = card.get("metrics", {}).get("test", {})
    parameters = card.get("parameters", 0)
    files = (*card["files"], "card.json")
    return ModelSummary(
        name=opened.path.name,
        architecture=str(card.get("architecture", card.get("model", ""))),
        dataset=str(card.get("dataset", "")),
        test_cases=sum(map(sum, card.get("confusion", []))),
        measures={
            name: Measure(test[name]["value"], test[name].get("low"), test[name].get("high"))
            for name in MEASURES
            if name in test
        },
        over_seeds=_over_seeds(card),
        baselines={
            name: float(found["accuracy"])
            for name, found in card.get("baselines", {}).items()
            if isinstance(found, Mapping) and "accuracy" in found
        },
        calibration=tuple(map(_bin, card.get("reliability", []))),
        parameters=sum(parameters.values()) if isinstance(parameters, Mapping) else int(parameters),
        megabytes=sum((opened.path / name).stat().st_size for name in files) / 1e6,
        sha256=str(card["card_sha256"]),
        card=card,
    )


def _over_seeds(card: Mapping[str, Any]) -> OverSeeds | None:
    found = card.get("over_seeds", {}).get("accuracy", {})
    if "standard_deviation" not in found:
        return None
    return OverSeeds(found["seeds"], found["mean"], found["standard_deviation"])


def _bin(entry: Mapping[str, Any]) -> CalibrationBin:
    """Cards of texts and of digits name the three numbers differently, in the same order."""
    cases, probability, came_true = entry.values()
    return CalibrationBin(int(cases), float(probability), float(came_true))
