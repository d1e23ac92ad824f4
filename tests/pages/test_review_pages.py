"""What both pages that read reviews promise, on tiny untrained networks."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from streamlit.testing.v1 import AppTest

from dlnlp import artifacts
from dlnlp.examples.texts import KIM_EXAMPLES, STARS, Example
from dlnlp.explain.attribution import METHODS as RECORDS
from dlnlp.ui.han import methods as han
from dlnlp.ui.kim_cnn import methods as kim_cnn
from dlnlp.ui.shell import loading
from dlnlp.ui.shell.parts import COMPARE
from dlnlp.ui.shell.permalink import encode_text
from dlnlp.ui.text.examples import first_text
from dlnlp.ui.text.method_text import MethodText
from dlnlp.ui.text.review_page import ReviewPage
from tests.pages import review_editor
from tests.pages.review_editor import SHADED, act, components, shaded, shaded_words, told
from tests.tiny_han import write_tiny_han
from tests.tiny_kim_cnn import write_tiny_kim_cnn


@dataclass(frozen=True)
class Network:
    """One of the pages: the text it opens with, the setting that chooses its method."""

    page: ReviewPage
    model: str
    first: str
    examples: Sequence[Example]
    prediction: str
    setting: str
    methods: Mapping[str, MethodText]
    main: Mapping[str, str]
    later: Sequence[str] = ()

    def choose(self, app: AppTest, method: str) -> None:
        if method in self.main:
            app.segmented_control(key=self.page.key("main_methods")).set_value(method).run()
        else:
            app.menu_button(key=self.page.key("more_methods")).click(method).run()
        assert not app.exception

    def open(self, app: AppTest, **query: str) -> AppTest:
        """The page after its first run."""
        app.query_params.update(query)
        app.switch_page(f"pages/{self.page.stem}.py").run()
        assert not app.exception
        return app

    def write(self, app: AppTest, text: str) -> None:
        review_editor.write(app, self.page, text)


NETWORKS = {
    "han": Network(
        han.HAN, "han_stars", first_text("han_stars"), STARS, "stars expected; most likely",
        "shading", han.METHODS, han.MAIN, later=han.GRADIENTS,
    ),
    "kim_cnn": Network(
        kim_cnn.KIM, "kim_cnn", KIM_EXAMPLES[0].text, KIM_EXAMPLES,
        "Probability of a positive review", "method", kim_cnn.METHODS, kim_cnn.MAIN,
    ),
}  # fmt: skip
HOSTILE = [
    "good",
    "<script>alert(1)</script> good <img src=x onerror=alert(1)>",
    "🙂👍🏽 good 👨‍👩‍👧",
    "这部电影很好看。我喜欢。",
    "good\0bad",
    "كتاب جميل جدا. ספר טוב",
    "$x$ `code` _under_ **bold** :smile: [link](javascript:alert(1)) <b>",
    "x" * 20_000,
    "=1+1 @good",
    "",
    "   \n ",
    "...!!! ---",
]


@pytest.fixture(params=NETWORKS)
def network(request: pytest.FixtureRequest) -> Network:
    return NETWORKS[request.param]


@pytest.fixture
def opened(app: AppTest, tiny_weights: Path, network: Network) -> AppTest:
    return network.open(app)


def press(app: AppTest, label: str) -> None:
    next(button for button in app.button if button.label == label).click().run()
    assert not app.exception


def column(app: AppTest) -> str:
    """What the numbers of the words are called, which tells the method."""
    return str(told(app)["shading"]["words"]["columns"][0])


def compared(app: AppTest, page: ReviewPage) -> list[list[str]]:
    """The words that only the kept version holds, and those that only the current one does."""
    app.session_state[page.setting("part")] = COMPARE
    app.run()
    assert not app.exception
    return [
        [piece["text"] for row in view["rows"] for piece in row["spans"] if "change" in piece]
        for view in components(app, SHADED)
    ]


def test_opens_with_a_result(opened: AppTest, network: Network) -> None:
    text = network.first
    assert opened.session_state[network.page.text] == told(opened)["text"] == text
    assert network.prediction in review_editor.prediction(opened)
    assert shaded_words(opened)[:2] == text.split()[:2]


def test_examples_fill_the_text_and_clear_leaves_one_sentence(
    opened: AppTest, network: Network
) -> None:
    for example in network.examples:
        opened.menu_button(key=network.page.key("example")).click(example.label).run()
        assert not opened.exception
        assert opened.session_state[network.page.text] == told(opened)["text"] == example.text
        assert all(word in example.text for word in shaded_words(opened))
    press(opened, "Clear")
    assert len(opened.info) == 1 and shaded(opened) is None


def test_methods_change_the_scale(opened: AppTest, network: Network) -> None:
    network.write(opened, "The film is very good but not great. I stopped!")
    titles = []
    names = [name for name in network.methods if name not in network.later]
    for name in names:
        network.choose(opened, name)
        scale = told(opened)["shading"]["words"]["scale"]
        titles.append((scale["title"], scale["low"], scale["high"]))
        assert scale["kind"] == ("diverging" if RECORDS[name].signed else "sequential")
        assert column(opened) == network.methods[name].column
    assert len(set(titles)) == len(names)


def test_hostile_text_has_a_sensible_view(opened: AppTest, network: Network) -> None:
    for text in HOSTILE:
        network.write(opened, text)
        assert (shaded(opened) is None) == (len(opened.info) == 1), text
        for element in [*opened.markdown, *opened.caption, *opened.header, *opened.info]:
            assert "alert(1)" not in element.value
        for element in opened.get("html"):
            assert "<script" not in element.proto.body and "<img" not in element.proto.body
        assert told(opened)["text"] == text
        assert all(word in text for word in shaded_words(opened))


def test_a_megabyte_is_answered(opened: AppTest, network: Network) -> None:
    network.write(opened, "good bad film. " * 66_000)
    shading = shaded(opened)
    assert len(json.dumps(shading)) < 100_000 and shading is not None
    assert "Not read" in shading["rest"][0]["note"]
    network.write(opened, "good " * 250_000)
    assert len(opened.info) == 1 and "1,000,000" in opened.info[0].value


@pytest.mark.parametrize(
    ("text", "warned"),
    [
        ("这部电影很好看。我喜欢。", True),
        ("كتاب جميل جدا. good", True),
        ("Das Essen war kalt und der Kellner unfreundlich. Nie wieder!", True),
        ("the good film. it is bad", False),
    ],
)
def test_too_few_known_words_are_told(
    opened: AppTest, network: Network, text: str, warned: bool
) -> None:
    network.write(opened, text)
    told = [warning.value for warning in opened.warning]
    assert any("prediction says little" in warning for warning in told) == warned


def test_link_restores_the_view(app: AppTest, tiny_weights: Path, network: Network) -> None:
    text = "A good film & a <b>bad</b> one."
    encoded = encode_text(text)
    assert encoded is not None
    network.open(app, model=network.model, text=encoded, **{network.setting: "unknown"})
    assert app.session_state[network.page.text] == text
    assert column(app) == network.methods["unknown"].column
    app.session_state[network.page.key("take_away")] = True
    app.run()
    (link,) = [code.value for code in app.code if "text=" in code.value]
    shared = parse_qs(urlsplit(link).query)
    assert shared[network.setting] == ["unknown"] and shared["text"] == [encoded]
    network.write(app, "something else that is good")
    assert told(app)["text"] == "something else that is good"
    assert "text" not in app.query_params


def test_bad_links_show_an_example_and_say_why(
    app: AppTest, tiny_weights: Path, network: Network
) -> None:
    network.open(app, model="../x", text="%%%", **{network.setting: "<b>"})
    assert app.session_state[network.page.text] == network.first
    assert column(app) == next(iter(network.methods.values())).column
    assert "damaged" in app.warning[0].value


def test_text_and_method_survive_a_change_of_page(opened: AppTest, network: Network) -> None:
    network.write(opened, "a good book")
    network.choose(opened, "delete")
    opened.switch_page("pages/models.py").run()
    network.open(opened)
    assert opened.session_state[network.page.text] == "a good book"
    assert column(opened) == network.methods["delete"].column


def test_rerun_without_a_change_reads_nothing(
    opened: AppTest, network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    default = next(iter(network.methods))
    network.choose(opened, "delete")
    network.choose(opened, default)

    def refuse(self: object, text: str) -> None:
        raise AssertionError("read again")

    for predictor in (loading.HanPredictor, loading.KimCnnPredictor):
        monkeypatch.setattr(predictor, "predict", refuse)
    opened.run()
    network.choose(opened, "delete")
    assert not opened.exception


def test_a_word_is_deleted_and_compared_with_before(opened: AppTest, network: Network) -> None:
    page = network.page
    network.write(opened, "the good film! it is bad")
    assert compared(opened, page) == []
    act(opened, page, "delete", "good")
    assert opened.session_state[page.text] == told(opened)["text"] == "the film! it is bad"
    assert compared(opened, page) == [["good"], []]
    press(opened, "Undo")
    assert opened.session_state[page.text] == "the good film! it is bad"
    assert compared(opened, page) == []
    assert "Stop comparing" not in [button.label for button in opened.button]


def test_weights_that_are_broken_or_lack_say_so(
    app: AppTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, network: Network
) -> None:
    monkeypatch.setattr(artifacts, "WEIGHTS", tmp_path)
    network.open(app)
    assert "git checkout" in app.text[0].value
    write = write_tiny_han if network.model == "han_stars" else write_tiny_kim_cnn
    write(tmp_path / network.model)
    (tmp_path / network.model / "vocabulary.txt").write_text("changed\n")
    app.run()
    assert not app.exception and len(app.error) == 1
    assert any("vocabulary.txt" in text.value for text in app.text)
