"""The HAN page without a browser, on a tiny untrained network."""

import json
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Button

from dlnlp import artifacts, datasets
from dlnlp.text.edits import MASK
from dlnlp.ui.han.attention_view import HAN
from dlnlp.ui.shell import loading
from dlnlp.ui.shell.parts import MAP
from dlnlp.ui.shell.permalink import build_link, encode_text
from dlnlp.ui.text import review_store, selection
from dlnlp.ui.text.examples import FILMS, STARS, first_text
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
        if element.proto.component_name == "dlnlp_text_highlighted_text"
    ]
    return json.loads(view.proto.json)


def drawn(app: AppTest) -> str:
    pieces = [piece for row in shown(app)["rows"] for piece in row["spans"]]
    return "".join(piece if isinstance(piece, str) else piece["t"] for piece in pieces)


def write(app: AppTest, text: str) -> None:
    app.text_area(key=HAN.text).set_value(text).run()
    assert not app.exception


def test_opens_with_a_result(han: AppTest) -> None:
    assert han.text_area(key=HAN.text).value == first_text("han_stars")
    assert "stars expected; most likely" in han.header[0].value
    assert drawn(han).startswith("Great little tent")


def test_examples_fill_the_text(han: AppTest) -> None:
    for example in STARS:
        han.button(key=f"example {example.label}").click().run()
        assert han.text_area(key=HAN.text).value == example.text
        assert "".join(drawn(han).split()) == "".join(example.text.split())


def test_models_change_and_keep_the_visitors_text(han: AppTest) -> None:
    han.session_state[HAN.model] = "han_imdb"
    han.run()
    assert "positive review" in han.header[0].value
    write(han, "my own words about a good film")
    han.session_state[HAN.model] = "han_stars"
    han.run()
    assert drawn(han) == "my own words about a good film"


def test_change_of_model_replaces_an_example_by_its_own(han: AppTest) -> None:
    han.segmented_control(key=HAN.model).set_value("han_imdb").run()
    assert han.text_area(key=HAN.text).value == first_text("han_imdb")
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
    for element in [*han.markdown, *han.caption, *han.header, *han.info]:
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
    han.segmented_control(key=HAN.setting("shading")).set_value("raw").run()
    assert not han.exception
    after = shown(han)["scale"]
    assert after["title"] != before["title"] and after["low"] != before["low"]


def test_a_click_is_kept_over_reruns_until_the_text_changes(han: AppTest) -> None:
    write(han, "the good film. it is bad")
    han.session_state["han_selected"] = (_identity(han), {"row": 1, "span": 5})
    han.run()
    assert "“bad”" in [text.value for text in han.text]
    han.segmented_control(key=HAN.setting("shading")).set_value("product").run()
    assert shown(han)["selected"] == {"row": 1, "span": 5}
    write(han, "the good film. it is so bad")
    assert shown(han)["selected"] is None


def _identity(app: AppTest) -> int:
    return selection.identity(app.session_state[HAN.text], app.session_state[HAN.model])


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
    assert app.text_area(key=HAN.text).value == text
    assert app.session_state[HAN.model] == "han_imdb"
    assert app.session_state[HAN.setting("shading")] == "raw"
    write(app, "something else that is good")
    assert drawn(app) == "something else that is good"
    assert "text" not in app.query_params


def test_bad_links_show_an_example_and_say_why(
    app: AppTest, weights: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_link(app, weights, monkeypatch, model="../x", shading="<b>", text="%%%")
    assert app.text_area(key=HAN.text).value == first_text("han_stars")
    assert "damaged" in app.warning[0].value


def test_text_survives_a_change_of_page(han: AppTest) -> None:
    write(han, "a good book")
    han.switch_page("pages/home.py").run()
    han.switch_page("pages/han.py").run()
    assert han.text_area(key=HAN.text).value == "a good book"


def test_rerun_without_a_change_reads_nothing(
    han: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: object, text: str) -> None:
        raise AssertionError("read again")

    monkeypatch.setattr(loading.HanPredictor, "predict", refuse)
    han.run()
    han.segmented_control(key=HAN.setting("shading")).set_value("product").run()
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
    app.session_state[HAN.key("part")] = MAP
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
    han.session_state[HAN.key("part")] = MAP
    han.run()
    assert any("no published address" in caption.value for caption in han.caption)
    assert not any("Download the data set" in button.label for button in han.button)
    han.segmented_control(key=HAN.model).set_value("han_imdb").run()
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
    han.session_state[HAN.key("part")] = MAP
    han.segmented_control(key=HAN.model).set_value("han_imdb").run()
    next(button for button in han.button if "Download" in button.label).click().run()
    for _ in range(50):
        (progress,) = han.get("progress")
        if "20.0 MB" in progress.proto.text:
            break
        han.run()
    assert progress.proto.value == 25
    write(han, "the page remains usable")
    han.button(key="cancel neighbours").click().run()
    for _ in range(50):
        if not han.get("progress"):
            break
        han.run()
    assert not han.exception
    assert any("Download the data set" in button.label for button in han.button)


def pick(app: AppTest, row: int, span: int | None) -> None:
    """Clicks a word or a sentence."""
    app.session_state["han_selected"] = (_identity(app), {"row": row, "span": span})
    app.run()
    assert not app.exception


def press(app: AppTest, label: str) -> None:
    """Clicks the first button of a label; what it does can be offered again further down."""
    next(button for button in app.button if button.label == label).click().run()
    assert not app.exception


def button(app: AppTest, label: str) -> Button:
    return next(button for button in app.button if button.label == label)


def versions_shown(app: AppTest) -> list[str]:
    """The kept and the current version as HTML."""
    return [e.proto.body for e in app.get("html") if 'class="versions"' in e.proto.body]


def labels(app: AppTest) -> list[str]:
    return [button.label for button in app.button]


def test_a_word_can_be_deleted_and_the_deletion_undone(han: AppTest) -> None:
    write(han, "the good film. it is bad")
    assert versions_shown(han) == []
    pick(han, 0, 1)
    press(han, "Delete")
    assert han.text_area(key=HAN.text).value == "the film. it is bad"
    assert drawn(han) == "the film.it is bad"  # rows end without their white space
    kept, now = versions_shown(han)
    assert "the <del>good</del> film" in kept and "<ins>" not in now
    press(han, "Undo")
    assert han.text_area(key=HAN.text).value == "the good film. it is bad"
    assert versions_shown(han) == [] and "Stop comparing" not in labels(han)


def test_a_masked_word_is_read_as_unknown(han: AppTest) -> None:
    write(han, "the good film")
    pick(han, 0, 1)
    press(han, "Mask")
    assert drawn(han) == f"the {MASK} film"
    masked = next(
        piece
        for piece in shown(han)["rows"][0]["spans"]
        if not isinstance(piece, str) and piece["t"] == MASK
    )
    assert masked["m"] is True and masked["n"][-1].startswith("UNK")
    pick(han, 0, 1)
    assert next(button for button in han.button if button.label == "Mask").disabled


def test_a_word_is_replaced_and_both_answers_are_shown(han: AppTest) -> None:
    write(han, "the good film. it is bad")
    before = loading.read_review("han_stars", "the good film. it is bad").result
    pick(han, 0, 1)
    han.text_input(key="han_replacement").set_value(" <b>awful</b>  ")
    press(han, "Replace")
    assert drawn(han) == "the <b>awful</b> film.it is bad"
    after = loading.read_review("han_stars", "the <b>awful</b> film. it is bad").result
    assert before is not None and after is not None
    kept, now = versions_shown(han)
    assert "<del>good</del>" in kept and "&lt;b&gt;awful&lt;/b&gt;" in re.sub("</?ins>", "", now)
    table = han.table[0].value
    assert table["kept"].iloc[0] == f"{before.expected_value:.2f}"
    assert table["now"].iloc[0] == f"{after.expected_value:.2f}"
    for element in [*han.markdown, *han.caption, *han.header]:
        assert "<b>" not in element.value


def test_a_sentence_can_be_deleted_to_the_last(han: AppTest) -> None:
    write(han, "the good film. it is bad")
    pick(han, 0, None)
    press(han, "Delete this sentence")
    assert drawn(han) == "it is bad"
    pick(han, 0, None)
    press(han, "Delete this sentence")
    assert han.text_area(key=HAN.text).value == "" and len(han.info) == 1
    press(han, "Undo")
    assert drawn(han) == "it is bad"


def test_a_kept_version_is_compared_with_what_is_typed(han: AppTest) -> None:
    write(han, "the good film")
    press(han, "Keep this version")
    assert any("version is kept" in caption.value for caption in han.caption)
    write(han, "the very good film")
    assert "<ins>very</ins>" in versions_shown(han)[1]
    press(han, "Back to the kept version")
    assert drawn(han) == "the good film"
    press(han, "Undo")
    assert drawn(han) == "the very good film"
    press(han, "Stop comparing")
    assert versions_shown(han) == []


def test_undo_goes_back_over_what_was_typed_since(han: AppTest) -> None:
    write(han, "the good film")
    pick(han, 0, 1)
    press(han, "Delete")
    write(han, "the film that i love")
    assert versions_shown(han)
    for before in ("the film", "the good film"):
        press(han, "Undo")
        assert han.text_area(key=HAN.text).value == before
    assert button(han, "Undo").disabled
    for after in ("the film", "the film that i love"):
        press(han, "Redo")
        assert han.text_area(key=HAN.text).value == after
    assert button(han, "Redo").disabled and versions_shown(han)


def test_whatever_replaces_the_text_can_be_undone(han: AppTest) -> None:
    def kept(replace: Callable[[], object]) -> None:
        write(han, "my own words")
        replace()
        assert han.text_area(key=HAN.text).value != "my own words"
        press(han, "Undo")
        assert han.text_area(key=HAN.text).value == "my own words"
        assert not han.exception

    def follow_link() -> None:
        link = build_link("/han", {"model": "han_stars"}, "what a friend wrote")
        assert link is not None
        for name, values in parse_qs(urlsplit(link).query).items():
            han.query_params[name] = values[0]
        han.run()

    kept(lambda: press(han, "Clear"))
    kept(lambda: press(han, STARS[0].label))
    kept(follow_link)
    write(han, STARS[0].text)
    han.segmented_control(key=HAN.model).set_value("han_imdb").run()
    press(han, "Undo")
    assert han.text_area(key=HAN.text).value == STARS[0].text


def test_the_tab_keeps_what_is_on_the_page(han: AppTest) -> None:
    write(han, "the good film")
    pick(han, 0, 1)
    press(han, "Mask")
    han.session_state[HAN.setting("shading")] = "product"
    han.run()
    kept = [
        json.loads(element.proto.json)
        for element in han.get("bidi_component")
        if element.proto.component_name == "dlnlp_shell_kept_work"
    ]
    works = [data["work"] for data in kept if "work" in data]
    assert len(kept) > len(works) >= 2 and all(work == works[0] for work in works)
    assert works[0] == {
        "text": f"the {MASK} film",
        "kept": "the good film",
        "kept_by_click": True,
        "model": "han_stars",
        **{name: values[0] for name, values in HAN.settings.items()},
        "shading": "product",
    }


def test_a_text_that_the_tab_does_not_keep_is_said_to_be_lost(han: AppTest) -> None:
    write(han, "good " * 41_000)
    assert sum("is lost when you reload" in caption.value for caption in han.caption) == 1


def test_an_example_lets_go_of_what_a_click_kept_but_not_of_what_was_kept_by_hand(
    han: AppTest,
) -> None:
    write(han, "the good film")
    pick(han, 0, 1)
    press(han, "Delete")
    press(han, STARS[0].label)
    assert versions_shown(han) == []
    press(han, "Keep this version")
    press(han, STARS[4].label)
    assert len(versions_shown(han)) == 2


def test_the_kept_version_survives_a_change_of_page_and_of_model(han: AppTest) -> None:
    write(han, "the good film")
    pick(han, 0, 1)
    press(han, "Delete")
    han.switch_page("pages/home.py").run()
    han.switch_page("pages/han.py").run()
    assert "<del>good</del>" in versions_shown(han)[0]
    han.segmented_control(key=HAN.model).set_value("han_imdb").run()
    assert "<del>good</del>" in versions_shown(han)[0]
    assert han.table[0].value["answer"].tolist() == ["positive"]
    press(han, "Undo")
    assert drawn(han) == "the good film"


def test_a_link_restores_the_kept_version(
    app: AppTest, weights: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = build_link("http://host/han", {"model": "han_imdb"}, "a bad film", "a good film")
    assert link is not None
    query = {name: values[0] for name, values in parse_qs(urlsplit(link).query).items()}
    open_link(app, weights, monkeypatch, **query)
    assert drawn(app) == "a bad film"
    assert "<del>good</del>" in versions_shown(app)[0]
    press(app, "Stop comparing")
    assert versions_shown(app) == [] and "kept" not in app.query_params


def test_a_link_with_a_damaged_kept_version_keeps_its_text(
    app: AppTest, weights: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    encoded = encode_text("a bad film")
    assert encoded is not None
    open_link(app, weights, monkeypatch, text=encoded, kept="%%%")
    assert drawn(app) == "a bad film" and versions_shown(app) == []
    assert "damaged" in app.warning[0].value


REVIEWS = [
    datasets.Review(f"<b>Zither {row}</b> $x$ is a {word} film<br />good.", row % 2, "", row)
    for row, word in enumerate(["good", "bad"] * 60)
]


@pytest.fixture
def films(
    app: AppTest, weights: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[AppTest]:
    """The films' model on a machine that has a small archive, its panel of reviews opened."""
    archive = tmp_path / "aclImdb_v1.tar.gz"
    archive.touch()

    def read_documents(name: str, split: str, rows: range, *, path: Path) -> dict:
        assert (name, split, path) == ("imdb", "test", archive)
        return {review.row: review for review in REVIEWS if review.row in rows}

    monkeypatch.setattr(artifacts, "WEIGHTS", weights)
    monkeypatch.setattr(datasets, "find", lambda name: archive if name == "imdb" else None)
    monkeypatch.setattr(datasets, "read_documents", read_documents)
    app.run()
    app.switch_page("pages/han.py").run()
    assert not any("Real reviews" in panel.label for panel in app.expander)
    app.segmented_control(key=HAN.model).set_value("han_imdb").run()
    app.session_state["han_real"] = True
    app.run()
    wait(app, lambda: "Draw one" in labels(app))
    yield app


def wait(app: AppTest, condition: Callable[[], bool]) -> None:
    for _ in range(100):
        if condition():
            return
        time.sleep(0.02)
        app.run()
    raise AssertionError("waited for too long")


def test_a_closed_panel_reads_no_archive(
    app: AppTest, weights: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(artifacts, "WEIGHTS", weights)
    monkeypatch.setattr(datasets, "find", lambda name: None)
    monkeypatch.setattr(review_store, "_load", lambda *given: pytest.fail("read the archive"))
    app.run()
    app.switch_page("pages/han.py").run()
    app.segmented_control(key=HAN.model).set_value("han_imdb").run()
    assert not app.exception
    assert any("search 25,000" in panel.label for panel in app.expander)
    assert "Draw one" not in labels(app)


def test_without_the_archive_the_panel_offers_a_download(han: AppTest) -> None:
    han.segmented_control(key=HAN.model).set_value("han_imdb").run()
    han.session_state["han_real"] = True
    han.run()
    assert not han.exception
    assert han.button(key="download reviews").label.startswith("Download the data set (imdb")


def test_reviews_are_searched_and_read(films: AppTest) -> None:
    films.text_input(key="han_query").set_value("zither bad").run()
    assert not films.exception
    assert any("words: 60; the first 20" in caption.value for caption in films.caption)
    takes = [button for button in films.button if str(button.key).startswith("take ")]
    assert len(takes) == 20
    row = int(str(takes[0].key).removeprefix("take "))
    takes[0].click().run()
    assert not films.exception
    text = films.text_area(key=HAN.text).value
    assert text == REVIEWS[row].text.replace("<br />", "\n")
    writer = [element.value for element in films.markdown if "Its writer" in element.value]
    assert len(writer) == 1 and f"review {row}." in writer[0] and "**positive**" in writer[0]
    for element in [*films.markdown, *films.caption]:
        assert "Zither" not in element.value
    assert not any("Zither" in label for label in labels(films))
    write(films, "something else")
    assert not any("Its writer" in element.value for element in films.markdown)


def test_an_edited_review_keeps_its_label(films: AppTest) -> None:
    press(films, "Draw one")
    pick(films, 0, 0)
    press(films, "Delete")
    writer = [element.value for element in films.markdown if "Its writer" in element.value]
    assert len(writer) == 1 and "You changed its words" in writer[0]


def test_mistakes_are_listed_with_the_surest_first(films: AppTest) -> None:
    press(films, "Its surest mistakes")
    wait(films, lambda: any("wrong. It was surest" in c.value for c in films.caption))
    rows = [
        int(str(button.key).removeprefix("take "))
        for button in films.button
        if str(button.key).startswith("take ")
    ]
    texts = [REVIEWS[row].text.replace("<br />", "\n") for row in rows]
    results = [loading.read_review("han_imdb", text).result for text in texts]
    sure = [float(result.probabilities.max()) for result in results if result is not None]
    assert sure == sorted(sure, reverse=True) and len(sure) == len(rows) > 0
    for row, result in zip(rows, results, strict=True):
        assert result is not None and result.predicted != REVIEWS[row].label
    films.text_input(key="han_query").set_value("zither").run()
    assert not any("wrong. It was surest" in caption.value for caption in films.caption)


def test_a_damaged_archive_is_one_sentence(
    app: AppTest, weights: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = tmp_path / "aclImdb_v1.tar.gz"
    archive.write_bytes(b"not an archive")
    monkeypatch.setattr(artifacts, "WEIGHTS", weights)
    monkeypatch.setattr(datasets, "find", lambda name: archive)
    app.run()
    app.switch_page("pages/han.py").run()
    app.segmented_control(key=HAN.model).set_value("han_imdb").run()
    app.session_state["han_real"] = True
    app.run()
    wait(app, lambda: any("reviews cannot be shown" in text.value for text in app.text))
    assert not app.exception
