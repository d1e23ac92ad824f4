"""The HAN page without a browser, on a tiny untrained network."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Button

from dlnlp import datasets
from dlnlp.examples.texts import FILMS, STARS
from dlnlp.text.edits import MASK
from dlnlp.ui.han.methods import HAN
from dlnlp.ui.shell import loading
from dlnlp.ui.shell.component import unpacked
from dlnlp.ui.shell.parts import COMPARE, MAP
from dlnlp.ui.shell.permalink import encode_text
from dlnlp.ui.text import review_store
from dlnlp.ui.text.examples import first_text
from tests.pages import review_editor
from tests.pages.review_editor import (
    SHADED,
    act,
    components,
    prediction,
    shaded,
    shaded_words,
    told,
)
from tests.ui.drawn_tables import tables


@pytest.fixture
def han(app: AppTest, tiny_weights: Path) -> AppTest:
    """The page after its first run."""
    return open_page(app)


def open_page(app: AppTest, **query: str) -> AppTest:
    app.query_params.update(query)
    app.switch_page("pages/han.py").run()
    assert not app.exception
    return app


def drawn(app: AppTest) -> str:
    """The text that is shaded."""
    assert shaded(app) is not None
    return str(told(app)["text"])


def write(app: AppTest, text: str) -> None:
    review_editor.write(app, HAN, text)


def test_models_change_and_keep_the_visitors_text(han: AppTest) -> None:
    han.session_state[HAN.model] = "han_imdb"
    han.run()
    assert "positive review" in prediction(han)
    write(han, "my own words about a good film")
    han.session_state[HAN.model] = "han_stars"
    han.run()
    assert drawn(han) == "my own words about a good film"


def test_change_of_model_replaces_an_example_by_its_own(han: AppTest) -> None:
    han.segmented_control(key=HAN.model).set_value("han_imdb").run()
    assert han.session_state[HAN.text] == first_text("han_imdb")
    menu = han.menu_button(key=HAN.key("example"))
    assert [label.split(" · ")[0] for label in menu.options] == [each.label for each in FILMS]


def test_neighbours_show_their_texts_when_the_data_is_here(
    app: AppTest, tiny_weights: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = tmp_path / "reviews5_csv.tar.gz"
    archive.touch()
    review = "<b>Escaped?</b> $x$\n" + "long " * 99 + "end"

    def read_documents(name: str, split: str, rows: tuple[int, ...], *, path: Path) -> dict:
        return {row: datasets.Review(review, 0, "", row) for row in rows}

    monkeypatch.setattr(datasets, "find", lambda name: archive)
    monkeypatch.setattr(datasets, "read_documents", read_documents)
    app.session_state[HAN.key("part")] = MAP
    open_page(app)
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
    han.session_state[HAN.key("part")] = MAP  # there is a tab more: both networks
    han.run()
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


def press(app: AppTest, label: str) -> None:
    """Clicks the first button of a label; what it does can be offered again further down."""
    next(button for button in app.button if button.label == label).click().run()
    assert not app.exception


def example(app: AppTest, label: str) -> None:
    app.menu_button(key=HAN.key("example")).click(label).run()
    assert not app.exception


def button(app: AppTest, label: str) -> Button:
    return next(button for button in app.button if button.label == label)


def compared(app: AppTest) -> list[list[str]]:
    """The words that only the kept version holds, and those that only the current one does."""
    app.session_state[HAN.key("part")] = COMPARE
    app.run()
    assert not app.exception
    return [
        [
            piece["text"]
            for row in view["rows"]
            for piece in row["spans"]
            if not isinstance(piece, str) and "change" in piece
        ]
        for view in components(app, SHADED)
    ]


def labels(app: AppTest) -> list[str]:
    return [button.label for button in app.button]


def test_a_masked_word_is_read_as_unknown(han: AppTest) -> None:
    write(han, "the good film")
    act(han, HAN, "mask", "good")
    assert drawn(han) == f"the {MASK} film"
    shading = shaded(han)
    assert shading is not None and shading["unknown"] == [1]
    assert shading["words"]["columns"][-1] == "The network saw"
    assert shading["words"]["numbers"][-1][1].startswith("UNK")


def test_a_word_is_replaced_and_both_answers_are_shown(han: AppTest) -> None:
    write(han, "the good film. it is bad")
    before = loading.read_review("han_stars", "the good film. it is bad").result
    act(han, HAN, "replace", "good", " <b>awful</b>  ")
    assert drawn(han) == "the <b>awful</b> film. it is bad"
    after = loading.read_review("han_stars", "the <b>awful</b> film. it is bad").result
    assert before is not None and after is not None
    gone, new = compared(han)
    assert gone == ["good"] and "awful" in new
    table = tables(han)[0]
    assert table["kept"][0] == f"{before.expected_value:.2f}"
    assert table["now"][0] == f"{after.expected_value:.2f}"
    for element in [*han.markdown, *han.caption, *han.header]:
        assert "<b>" not in element.value


def test_a_sentence_can_be_deleted_to_the_last(han: AppTest) -> None:
    write(han, "the good film. it is bad")
    act(han, HAN, "delete", "the good film.")
    assert drawn(han) == "it is bad"
    act(han, HAN, "delete", "it is bad")
    assert han.session_state[HAN.text] == "" and len(han.info) == 1
    press(han, "Undo")
    assert drawn(han) == "it is bad"


def test_a_kept_version_is_compared_with_what_is_typed(han: AppTest) -> None:
    write(han, "the good film")
    press(han, "Keep this version")
    assert any("version is kept" in caption.value for caption in han.caption)
    write(han, "the very good film")
    assert compared(han) == [[], ["very"]]
    press(han, "Back to the kept version")
    assert drawn(han) == "the good film"
    press(han, "Undo")
    assert drawn(han) == "the very good film"
    press(han, "Stop comparing")
    assert compared(han) == []


def test_undo_goes_back_over_what_was_typed_since(han: AppTest) -> None:
    write(han, "the good film")
    act(han, HAN, "delete", "good")
    write(han, "the film that i love")
    assert compared(han)
    for before in ("the film", "the good film"):
        press(han, "Undo")
        assert han.session_state[HAN.text] == before
    assert button(han, "Undo").disabled
    for after in ("the film", "the film that i love"):
        press(han, "Redo")
        assert han.session_state[HAN.text] == after
    assert button(han, "Redo").disabled and compared(han)


def test_whatever_replaces_the_text_can_be_undone(han: AppTest) -> None:
    def kept(replace: Callable[[], object]) -> None:
        write(han, "my own words")
        replace()
        assert han.session_state[HAN.text] != "my own words"
        press(han, "Undo")
        assert han.session_state[HAN.text] == "my own words"
        assert not han.exception

    def follow_link() -> None:
        link = HAN.url({"model": "han_stars"}, "what a friend wrote")
        assert link is not None
        for name, values in parse_qs(urlsplit(link).query).items():
            han.query_params[name] = values[0]
        han.run()

    kept(lambda: press(han, "Clear"))
    kept(lambda: example(han, STARS[0].label))
    kept(follow_link)
    write(han, STARS[0].text)
    han.segmented_control(key=HAN.model).set_value("han_imdb").run()
    press(han, "Undo")
    assert han.session_state[HAN.text] == STARS[0].text


def test_the_tab_keeps_what_is_on_the_page(han: AppTest) -> None:
    write(han, "the good film")
    act(han, HAN, "mask", "good")
    han.session_state[HAN.setting("shading")] = "product"
    han.run()
    kept = [
        unpacked(element.proto)
        for element in han.get("bidi_component")
        if element.proto.component_name == "dlnlp.shell_kept_work"
    ]
    works = [data["work"] for data in kept if "work" in data]
    assert len(kept) > len(works) >= 1 and all(work == works[0] for work in works)
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
    act(han, HAN, "delete", "good")
    example(han, STARS[0].label)
    assert compared(han) == []
    press(han, "Keep this version")
    example(han, STARS[4].label)
    assert len(compared(han)) == 2


def test_the_kept_version_survives_a_change_of_page_and_of_model(han: AppTest) -> None:
    write(han, "the good film")
    act(han, HAN, "delete", "good")
    han.switch_page("pages/home.py").run()
    han.switch_page("pages/han.py").run()
    assert compared(han)[0] == ["good"]
    han.segmented_control(key=HAN.model).set_value("han_imdb").run()
    assert compared(han)[0] == ["good"]
    assert tables(han)[0]["answer"] == ["positive"]
    press(han, "Undo")
    assert drawn(han) == "the good film"


def test_a_link_restores_the_kept_version(app: AppTest, tiny_weights: Path) -> None:
    link = HAN.url({"model": "han_imdb"}, "a bad film", "a good film")
    assert link is not None
    query = {name: values[0] for name, values in parse_qs(urlsplit(link).query).items()}
    open_page(app, **query)
    assert drawn(app) == "a bad film"
    assert compared(app)[0] == ["good"]
    press(app, "Stop comparing")
    assert compared(app) == [] and "kept" not in app.query_params


def test_a_link_with_a_damaged_kept_version_keeps_its_text(
    app: AppTest, tiny_weights: Path
) -> None:
    encoded = encode_text("a bad film")
    assert encoded is not None
    open_page(app, text=encoded, kept="%%%")
    assert "damaged" in app.warning[0].value
    assert drawn(app) == "a bad film" and compared(app) == []


REVIEWS = [
    datasets.Review(f"<b>Zither {row}</b> $x$ is a {word} film<br />good.", row % 2, "", row)
    for row, word in enumerate(["good", "bad"] * 60)
]


@pytest.fixture
def films(
    app: AppTest, tiny_weights: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[AppTest]:
    """The films' model on a machine that has a small archive, its panel of reviews opened."""
    archive = tmp_path / "aclImdb_v1.tar.gz"
    archive.touch()

    def read_documents(name: str, split: str, rows: range, *, path: Path) -> dict:
        assert (name, split, path) == ("imdb", "test", archive)
        return {review.row: review for review in REVIEWS if review.row in rows}

    monkeypatch.setattr(datasets, "find", lambda name: archive if name == "imdb" else None)
    monkeypatch.setattr(datasets, "read_documents", read_documents)
    open_page(app)
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


def test_a_closed_panel_reads_no_archive(han: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(review_store, "_load", lambda *given: pytest.fail("read the archive"))
    app = han
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
    text = films.session_state[HAN.text]
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
    act(films, HAN, "delete", shaded_words(films)[0])
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
    app: AppTest, tiny_weights: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = tmp_path / "aclImdb_v1.tar.gz"
    archive.write_bytes(b"not an archive")
    monkeypatch.setattr(datasets, "find", lambda name: archive)
    open_page(app)
    app.segmented_control(key=HAN.model).set_value("han_imdb").run()
    app.session_state["han_real"] = True
    app.run()
    wait(app, lambda: any("reviews cannot be shown" in text.value for text in app.text))
    assert not app.exception
