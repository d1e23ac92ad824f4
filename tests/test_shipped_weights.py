"""What ships is whole, and a change to any byte of it is noticed when it is opened, and named."""

import json
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from dlnlp import artifacts
from dlnlp.artifacts import ArtifactError, json_bytes, open_artifact
from dlnlp.inference import load_predictor
from dlnlp.inference.digits import DigitPredictor

SHIPPED = Path(__file__).resolve().parents[1] / "weights"
FILES = sorted(f"{path.parent.name}/{path.name}" for path in SHIPPED.glob("*/*"))
PAGES = {
    "han_imdb": "score",
    "han_stars": "han",
    "kim_cnn": "kim_cnn",
    "mnist_cnn": "mnist_cnn",
}


def load(directory: Path) -> None:
    """Open a directory as the app does."""
    reader = DigitPredictor.load if directory.name == "mnist_cnn" else load_predictor
    reader(directory)


@pytest.fixture(scope="session")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of everything that ships; who damages it mends it again."""
    return shutil.copytree(SHIPPED, tmp_path_factory.mktemp("shipped") / "weights")


def flip(file: Path, position: int, mask: int) -> None:
    with file.open("rb+") as opened:
        opened.seek(position)
        (byte,) = opened.read(1)
        opened.seek(position)
        opened.write(bytes([byte ^ mask]))


def test_every_file_that_ships_is_named_in_its_card() -> None:
    models = artifacts.available_models(SHIPPED)
    assert {file.partition("/")[0] for file in FILES} == set(models) == set(PAGES)
    for name in models:
        listed = open_artifact(SHIPPED / name).card["files"]
        assert {path.name for path in (SHIPPED / name).iterdir()} == {*listed, "card.json"}


@pytest.mark.parametrize("file", FILES)
@settings(max_examples=3, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_flipped_byte_is_noticed_and_its_file_named(
    copied: Path, file: str, data: st.DataObject
) -> None:
    path = copied / file
    position = data.draw(st.integers(0, path.stat().st_size - 1))
    mask = data.draw(st.integers(1, 255))
    flip(path, position, mask)
    try:
        with pytest.raises(ArtifactError) as caught:
            load(path.parent)
    finally:
        flip(path, position, mask)
    message = str(caught.value)
    assert str(path) in message
    assert "git checkout -- weights/" in message or "update the program" in message
    assert "\n" not in message and message.count(". ") == 0, "one sentence"


def test_what_was_mended_loads_again(copied: Path) -> None:
    for name in PAGES:
        load(copied / name)


@pytest.fixture
def damaged_page(
    app: AppTest, copied: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> tuple[AppTest, Path]:
    """The app on weights of its own that a test may damage: files by link, so that it is quick."""
    weights = tmp_path / "weights"
    for name in PAGES:
        (weights / name).mkdir(parents=True)
        for file in (copied / name).iterdir():
            (weights / name / file.name).hardlink_to(file)
    monkeypatch.setattr(artifacts, "WEIGHTS", weights)
    return app, weights


def newer(card: Path) -> None:
    content = json.loads(card.read_bytes()) | {"format": artifacts.FORMAT + 1}
    card.unlink()
    card.write_bytes(json_bytes(content))


def cut(file: Path) -> None:
    whole = file.read_bytes()
    file.unlink()  # a link: the copy it stands for stays whole
    file.write_bytes(whole[: len(whole) // 2])


@pytest.mark.parametrize(
    ("file", "damage", "said"),
    [
        ("card.json", newer, "update the program"),
        ("card.json", cut, "is not readable JSON"),
        ("card.json", Path.unlink, "cannot be read (No such file or directory)"),
        ("config.json", cut, "has changed"),
        ("config.json", Path.unlink, "cannot be read (No such file or directory)"),
        ("network.onnx", cut, "has changed"),
        ("vocabulary.txt", Path.unlink, "cannot be read (No such file or directory)"),
    ],
)
@pytest.mark.parametrize("model", PAGES)
def test_the_page_says_what_is_wrong_in_one_sentence(
    damaged_page: tuple[AppTest, Path], model: str, file: str, damage, said: str
) -> None:
    app, weights = damaged_page
    path = weights / model / file
    if not path.exists():
        pytest.skip("digits need no vocabulary")
    damage(path)
    app.switch_page(f"pages/{PAGES[model]}.py").run()
    if PAGES[model] == "score":
        next(button for button in app.button if button.label == "Try ours").click().run()
    assert not app.exception
    assert len(app.error) == 1
    sentences = [text.value for text in app.text if str(path) in text.value]
    assert len(sentences) == 1 and said in sentences[0]
    assert "git checkout -- weights/" in sentences[0] or "update" in sentences[0]
