"""The HAN page without a browser, on a tiny untrained network."""

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dlnlp import artifacts, datasets
from dlnlp.ui import loading, review_input
from dlnlp.ui.examples import FILMS, STARS, first_text
from dlnlp.ui.permalink import encode_text
from tests.tiny_han import POLARITY, write_tiny_han


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("weights")
    write_tiny_han(root / "han_stars", max_sentences=40)
    write_tiny_han(root / "han_imdb", 1, class_names=POLARITY, dataset="imdb", max_sentences=40)
    return root


@pytest.fixture
def han(app: AppTest, weights: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[AppTest]:
    """The page after its first run, on a machine without data sets."""
    monkeypatch.setattr(artifacts, "WEIGHTS", weights)
    monkeypatch.setattr(datasets, "find", lambda name: None)
    app.run()
    app.switch_page("pages/han.py").run()
    assert not app.exception
    yield app


def shown(app: AppTest) -> dict:
    """What the text view was told to draw."""
    (view,) = [
        element
        for element in app.get("bidi_component")
        if element.proto.component_name == "dlnlp_highlighted_text"
    ]
    return json.loads(view.proto.json)


def drawn(app: AppTest) -> str:
    pieces = [piece for row in shown(app)["rows"] for piece in row["spans"]]
    return "".join(piece if isinstance(piece, str) else piece["t"] for piece in pieces)


def write(app: AppTest, text: str) -> None:
    app.text_area(key=review_input.TEXT).set_value(text).run()
    assert not app.exception


def test_opens_with_a_result(han: AppTest) -> None:
    assert han.text_area(key=review_input.TEXT).value == first_text("han_stars")
    assert "stars expected; most likely" in han.subheader[0].value
    assert drawn(han).startswith("Great little tent")


def test_examples_fill_the_text(han: AppTest) -> None:
    for example in STARS:
        han.button(key=f"example {example.label}").click().run()
        assert han.text_area(key=review_input.TEXT).value == example.text
        assert "".join(drawn(han).split()) == "".join(example.text.split())


def test_models_change_and_keep_the_visitors_text(han: AppTest) -> None:
    han.session_state[review_input.MODEL] = "han_imdb"
    han.run()
    assert "positive review" in han.subheader[0].value
    write(han, "my own words about a good film")
    han.session_state[review_input.MODEL] = "han_stars"
    han.run()
    assert drawn(han) == "my own words about a good film"


def test_change_of_model_replaces_an_example_by_its_own(han: AppTest) -> None:
    han.segmented_control(key=review_input.MODEL).set_value("han_imdb").run()
    assert han.text_area(key=review_input.TEXT).value == first_text("han_imdb")
    assert [button.label for button in han.button if button.key and "example" in button.key] == [
        example.label for example in FILMS
    ]


def test_clear_leaves_one_sentence(han: AppTest) -> None:
    next(button for button in han.button if button.label == "Clear").click().run()
    assert not han.exception
    assert len(han.info) == 1
    assert not [e for e in han.get("bidi_component") if "highlighted" in e.proto.component_name]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   \n ",
        "...!!! ---",
        "good",
        "<script>alert(1)</script> good <img src=x onerror=alert(1)>",
        "🙂👍🏽 good 👨‍👩‍👧",
        "这部电影很好看。我喜欢。",
        "good\0bad",
        "كتاب جميل جدا. ספר טוב",
        "$x$ `code` _under_ **bold** :smile: [link](javascript:alert(1)) <b>",
        "x" * 20_000,
        "=1+1 @good",
    ],
)
def test_hostile_text_has_a_sensible_view(han: AppTest, text: str) -> None:
    write(han, text)
    views = [e for e in han.get("bidi_component") if "highlighted" in e.proto.component_name]
    assert len(views) + len(han.info) == 1
    for element in [*han.markdown, *han.caption, *han.subheader, *han.info]:
        assert "alert(1)" not in element.value
    if views:
        assert "".join(drawn(han).split()) in "".join(text.split())


def test_a_megabyte_is_answered(han: AppTest) -> None:
    write(han, "good bad film. " * 66_000)
    assert len(str(shown(han))) < 100_000
    write(han, "good " * 250_000)
    assert len(han.info) == 1 and "1,000,000" in han.info[0].value


def test_shading_changes_the_scale(han: AppTest) -> None:
    before = shown(han)["scale"]
    han.segmented_control(key=review_input.SHADING).set_value("raw").run()
    assert not han.exception
    after = shown(han)["scale"]
    assert after["title"] != before["title"] and after["low"] != before["low"]


def test_a_click_is_kept_over_reruns_until_the_text_changes(han: AppTest) -> None:
    write(han, "the good film. it is bad")
    han.session_state["han_selected"] = (_identity(han), {"row": 1, "span": 5})
    han.run()
    assert "“bad”" in [text.value for text in han.text]
    han.segmented_control(key=review_input.SHADING).set_value("product").run()
    assert shown(han)["selected"] == {"row": 1, "span": 5}
    write(han, "the good film. it is so bad")
    assert shown(han)["selected"] is None


def _identity(app: AppTest) -> int:
    from dlnlp.ui.attention_view import _identity as identity

    text = app.session_state[review_input.TEXT]
    result = loading.read_review(app.session_state[review_input.MODEL], text).result
    assert result is not None
    return identity(result, app.session_state[review_input.MODEL])


def open_link(app: AppTest, weights: Path, monkeypatch: pytest.MonkeyPatch, **query: str) -> None:
    monkeypatch.setattr(artifacts, "WEIGHTS", weights)
    monkeypatch.setattr(datasets, "find", lambda name: None)
    app.run()
    for name, value in query.items():
        app.query_params[name] = value
    app.switch_page("pages/han.py").run()
    assert not app.exception


def test_link_restores_the_view(
    app: AppTest, weights: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "A good film & a <b>bad</b> one."
    encoded = encode_text(text)
    assert encoded is not None
    open_link(app, weights, monkeypatch, model="han_imdb", shading="raw", text=encoded)
    assert app.text_area(key=review_input.TEXT).value == text
    assert app.session_state[review_input.MODEL] == "han_imdb"
    assert app.session_state[review_input.SHADING] == "raw"
    write(app, "something else that is good")
    assert drawn(app) == "something else that is good"
    assert "text" not in app.query_params


def test_bad_links_show_an_example_and_say_why(
    app: AppTest, weights: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_link(app, weights, monkeypatch, model="../x", shading="<b>", text="%%%")
    assert app.text_area(key=review_input.TEXT).value == first_text("han_stars")
    assert "damaged" in app.warning[0].value


def test_text_survives_a_change_of_page(han: AppTest) -> None:
    write(han, "a good book")
    han.switch_page("pages/home.py").run()
    han.switch_page("pages/han.py").run()
    assert han.text_area(key=review_input.TEXT).value == "a good book"


def test_rerun_without_a_change_reads_nothing(
    han: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: object, text: str) -> None:
        raise AssertionError("read again")

    monkeypatch.setattr(loading.HanPredictor, "predict", refuse)
    han.run()
    han.segmented_control(key=review_input.SHADING).set_value("product").run()
    assert not han.exception


def test_broken_weights_say_so(
    app: AppTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_tiny_han(tmp_path / "han_stars")
    (tmp_path / "han_stars" / "vocabulary.txt").write_text("changed\n")
    monkeypatch.setattr(artifacts, "WEIGHTS", tmp_path)
    app.run()
    app.switch_page("pages/han.py").run()
    assert not app.exception
    assert len(app.error) == 1
    assert "vocabulary.txt" in app.text[0].value


def test_without_weights_there_is_a_remedy(
    app: AppTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(artifacts, "WEIGHTS", tmp_path)
    app.run()
    app.switch_page("pages/han.py").run()
    assert not app.exception
    assert "git checkout" in app.text[0].value


def test_neighbours_show_their_texts_when_the_data_is_here(
    app: AppTest, weights: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = tmp_path / "reviews5_csv.tar.gz"
    archive.touch()
    review = "<b>Escaped?</b> $x$\n" + "long " * 99 + "end"

    def read_documents(name: str, split: str, rows: tuple[int, ...], *, path: Path) -> dict:
        return {row: datasets.Review(review, 0, "", row) for row in rows}

    monkeypatch.setattr(artifacts, "WEIGHTS", weights)
    monkeypatch.setattr(datasets, "find", lambda name: archive)
    monkeypatch.setattr(datasets, "read_documents", read_documents)
    app.run()
    app.switch_page("pages/han.py").run()
    for _ in range(50):
        if any("Escaped?" in text.value for text in app.text):
            break
        app.run()
    assert not app.exception
    previews = [text.value for text in app.text if "Escaped?" in text.value]
    assert previews[0] == " ".join(review[:300].split()) + " …" and previews[1] == review
    assert not any("Escaped?" in element.value for element in app.markdown)


def test_missing_data_offers_a_download_only_with_an_address(han: AppTest) -> None:
    assert any("no published address" in caption.value for caption in han.caption)
    assert not any("Download the data set" in button.label for button in han.button)
    han.segmented_control(key=review_input.MODEL).set_value("han_imdb").run()
    assert any("Download the data set" in button.label for button in han.button)


def test_download_can_be_watched_and_cancelled(
    han: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    def download(name: str, progress: Callable, cancelled: Callable[[], bool]) -> Path:
        progress(20_000_000, 80_000_000)
        while not cancelled():
            time.sleep(0.01)
        raise datasets.DownloadCancelled(name)

    monkeypatch.setattr(datasets, "download", download)
    han.segmented_control(key=review_input.MODEL).set_value("han_imdb").run()
    next(button for button in han.button if "Download" in button.label).click().run()
    for _ in range(50):
        (progress,) = han.get("progress")
        if "20.0 MB" in progress.proto.text:
            break
        han.run()
    assert progress.proto.value == 25
    write(han, "the page remains usable")
    han.button(key="cancel download").click().run()
    for _ in range(50):
        if not han.get("progress"):
            break
        han.run()
    assert not han.exception
    assert any("Download the data set" in button.label for button in han.button)
