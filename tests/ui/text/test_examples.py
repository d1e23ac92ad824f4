"""The examples are what the page promises."""

import json
from pathlib import Path

import pytest

from dlnlp.examples.texts import FILMS, STARS
from dlnlp.ui.text.examples import (
    FILE,
    examples_for,
    first_text,
    is_example,
    own_examples,
)


def test_one_example_a_star_level() -> None:
    assert [example.label for example in STARS] == [f"{k} ★" for k in range(1, 6)]
    assert examples_for("han_stars") == STARS and examples_for("han_imdb") == FILMS


def test_first_text_is_one_of_the_model() -> None:
    assert first_text("han_stars") in [example.text for example in STARS]
    assert first_text("han_imdb") in [example.text for example in FILMS]
    assert is_example(FILMS[0].text) and not is_example("mine")


def test_own_networks_bring_examples_of_their_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DLNLP_MODELS", str(tmp_path))
    (tmp_path / "hotels").mkdir()
    (tmp_path / "hotels" / "config.json").write_text("{}")
    assert own_examples("hotels") == () and examples_for("hotels") == STARS
    file = tmp_path / "hotels" / FILE
    file.write_text(
        json.dumps({"examples": [{"label": "gut", "text": "Das Zimmer war sauber."}]}), "utf-8"
    )
    (example,) = examples_for("hotels")
    assert first_text("hotels") == example.text and example.label == "gut"
    assert is_example(example.text)
    for damaged in ("{", "[]", '{"examples": 7}', '{"examples": [{"text": "x"}]}'):
        file.write_text(damaged)
        assert examples_for("hotels") == STARS
