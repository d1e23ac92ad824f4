"""Lines around an n-gram: the text as it stands in the table, cut at words, shaded on one scale."""

import pytest

from dlnlp.ui.batch.contexts import BEFORE, BEHIND, LineData, contexts_data
from dlnlp.ui.batch.words import Question, places
from tests.ui.batch.explained_rows import Word, explained, job_of


def lines(sentences: list[list[Word]], ngram: str) -> list[LineData]:
    job = job_of([explained(1, sentences)])
    shown = places(job, ngram, Question("positive"), {})
    return contexts_data("title", "positive", shown, 0)["lines"]


def text(line: LineData, part: str) -> str:
    return "".join(piece["text"] for piece in line[part])  # type: ignore[literal-required]


def test_a_line_is_the_sentence_with_its_shades() -> None:
    sentences = [[("before", 9.0)], [("a", 0.0), ("good", 2.0), ("film", -4.0), ("!", 0.0)]]
    (line,) = lines(sentences, "good film")
    assert (text(line, "before"), text(line, "match"), text(line, "behind")) == (
        "a ",
        "good film",
        " !",
    )
    assert [piece["shade"] for piece in line["match"]] == [0.5, 0, -1]
    assert line["value"] == "−2.00" and line["sign"] == -2
    assert line["label"] == "line 2, predicted positive" and not line["right_to_left"]


def test_long_sentences_are_cut_at_words() -> None:
    words = [(f"word{number:03}", 0.0) for number in range(100)]
    words[50] = ("here", 1.0)
    (line,) = lines([words], "here")
    before, behind = text(line, "before"), text(line, "behind")
    assert before.startswith("…word0") and behind.endswith("…")
    assert len(before) <= BEFORE + 1 and len(behind) <= BEHIND + 1
    assert before.endswith("word049 ") and behind.startswith(" word051")
    (first,) = lines([words], "word000")
    assert text(first, "before") == ""


def test_all_lines_share_one_scale() -> None:
    job = job_of([explained(1, [[("good", 2.0)]]), explained(2, [[("good", -1.0)]])])
    data = contexts_data("t", "positive", places(job, "good", Question("positive"), {}), 0)
    assert [line["match"][0]["shade"] for line in data["lines"]] == [1, -0.5]
    assert (data["against"], data["towards"]) == ("−2.00 against positive", "+2.00 for positive")
    assert contexts_data("t", "positive", [], 0)["lines"] == []


@pytest.mark.parametrize(
    ("word", "rtl"), [("שלום", True), ("سلام", True), ("word", False), ("😀", False)]
)
def test_the_direction_is_that_of_the_first_letter(word: str, rtl: bool) -> None:
    (line,) = lines([[("123", 0.0), (word, 1.0)]], word)
    assert line["right_to_left"] == rtl


def test_line_breaks_become_spaces() -> None:
    (line,) = lines([[("a\nb", 1.0)]], "a\nb")
    assert text(line, "match") == "a b"
