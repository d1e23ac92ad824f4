"""The scoring page without a browser, on tiny untrained networks."""

import csv
import io
import json
import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from streamlit.testing.v1 import AppTest

from dlnlp import artifacts
from dlnlp.catalogue import text_models
from dlnlp.ui.batch import explain_job, job, table_input, words_result, words_view, work
from dlnlp.ui.shell import kept_work
from dlnlp.ui.tables import table_file
from dlnlp.ui.tables.reading import key_of
from tests.tiny_han import POLARITY, write_tiny_han

TABLE = b'id,text\n1,"A good film,\nnot a bad one."\n2,\n3\n4,bad phone\n'


@pytest.fixture
def scoring(app: AppTest, tiny_weights: Path) -> AppTest:
    app.switch_page("pages/batch.py").run()
    assert not app.exception
    return app


def upload(scoring: AppTest, content: bytes, name: str = "my.csv") -> None:
    (uploader,) = scoring.get("file_uploader")
    uploader.set_value((name, content, "text/csv")).run()
    assert not scoring.exception


def score(scoring: AppTest) -> None:
    scoring.button(key="score_start").click().run()
    for _ in range(200):
        if not scoring.get("progress"):
            break
        scoring.run()
    assert not scoring.exception


def headers(scoring: AppTest) -> list[str]:
    return [header.value for header in scoring.header]


def tab(scoring: AppTest, title: str) -> None:
    for key in ("batch_result", "batch_labelled_result"):  # without labels, and with them
        scoring.session_state[key] = title
    scoring.run()
    assert not scoring.exception


def test_a_table_is_previewed_scored_and_summed_up(scoring: AppTest) -> None:
    upload(scoring, TABLE)
    assert scoring.selectbox(key=table_input.COLUMN).value == "text"
    preview = scoring.dataframe[0].value
    assert list(preview.columns) == ["id", "text"] and len(preview) == 3
    assert scoring.text[0].value == "my.csv: 3 rows, 2 columns; 1 more cannot be read"
    assert any(text.value == "Read as: comma-separated, UTF-8." for text in scoring.text)
    score(scoring)
    assert headers(scoring) == ["The scored table"]
    assert [metric.value for metric in scoring.metric] == ["2", "2"]
    unread, scored = scoring.dataframe[0].value, scoring.dataframe[1].value
    assert unread["where"].tolist() == ["line 4", "line 5"]
    assert scored.index.tolist() == [2, 4, 6]
    assert scored["label"].tolist()[0] in POLARITY and scored["id"].tolist() == ["1", "2", "4"]
    assert len(scoring.get("plotly_chart")) == 2


def test_every_model_and_any_column_can_be_chosen(scoring: AppTest) -> None:
    upload(scoring, b"good,bad\nfilm,phone\n")
    for model, columns in (("han_stars", 7), ("kim_cnn", 4)):
        scoring.selectbox(key=table_input.MODEL).set_value(model).run()
        scoring.selectbox(key=table_input.COLUMN).set_value("bad").run()
        score(scoring)
        scored = scoring.dataframe[0].value
        assert len(scored.columns) == columns + 2
        assert list(scored.columns)[columns:] == ["bad", "good"]


def test_the_template_can_be_tried_at_once(scoring: AppTest) -> None:
    next(button for button in scoring.button if button.label == "Try ours").click().run()
    score(scoring)
    tab(scoring, "Predictions")
    assert [metric.value for metric in scoring.metric] == ["8", "0"]


def test_the_field_makes_room_for_the_table_and_comes_back(scoring: AppTest) -> None:
    upload(scoring, TABLE)
    assert not scoring.get("file_uploader")
    next(button for button in scoring.button if button.label == "Remove the file").click().run()
    (uploader,) = scoring.get("file_uploader")
    assert uploader.value is None and not scoring.dataframe
    upload(scoring, b"text\ngood\n", "other.csv")
    assert scoring.text[0].value.startswith("other.csv: 1 row")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"PK\x03\x04" + bytes(100), "ZIP archive or an Excel workbook"),
        (bytes(1_000), "NUL bytes"),
        (b"x" * 4_900_000, "characters"),
        (b"a," * 99_999 + b"a\n", "has 100,000 columns"),
        (b"text\n", "no row below"),
    ],
)
def test_bad_files_are_one_sentence(scoring: AppTest, content: bytes, message: str) -> None:
    upload(scoring, content, "<b>$x$.csv")
    assert [error.value for error in scoring.error] == ["This file cannot be read as a table."]
    (text,) = scoring.text
    assert text.value.startswith("<b>$x$.csv: ") and re.search(message, text.value)
    assert not any(button.key == "score_start" for button in scoring.button)


def test_an_encoding_can_be_named(scoring: AppTest) -> None:
    upload(scoring, ("id;text\n" + "1;хорошо gut\n" * 20).encode("cp1251"))
    assert "not in UTF-8" in scoring.text[0].value
    assert any("How the file is read" in caption.value for caption in scoring.caption)
    scoring.selectbox(key="score_encoding").set_value("Windows-1251 (Cyrillic)").run()
    assert not scoring.error
    assert scoring.dataframe[0].value["text"][0] == "хорошо gut"


@pytest.mark.parametrize(
    ("content", "columns", "told"),
    [
        (b",text,\n0,good,\n1,bad,\n", ["text", "column 1", "column 3"], "comma-separated, UTF-8."),
        (b"id,id,text\n1,2,good\n", ["text", "id", "id (column 2)"], "comma-separated, UTF-8."),
        (b"1,A good film.\n2,Bad.\n", ["column 2", "column 1"],
         "comma-separated, UTF-8, no header."),
        ("sep=;\nid;text\n1;good\n".encode("utf-16"), ["text", "id"],
         "semicolon-separated, UTF-16, 1 line above the table left out."),
    ],
)  # fmt: skip
def test_any_table_is_read_scored_and_told(
    scoring: AppTest, content: bytes, columns: list[str], told: str
) -> None:
    upload(scoring, content)
    assert f"Read as: {told}" in [text.value for text in scoring.text]
    assert scoring.selectbox(key=table_input.COLUMN).value == columns[0]
    score(scoring)
    assert list(scoring.dataframe[0].value.columns)[4:] == columns
    assert scoring.metric[1].value == "0"


def test_wrong_detection_can_be_corrected(scoring: AppTest) -> None:
    upload(scoring, b'good,bad\nfilm,"phone\n')
    for key, value in (
        ("score_header", "data"),
        ("score_quoting", "standard"),
        ("score_escape", 'after a backslash (\\")'),
        ("score_delimiter", "comma"),
    ):
        scoring.selectbox(key=key).set_value(value).run()
    assert not scoring.exception
    assert scoring.selectbox(key=table_input.COLUMN).options == ["column 1", "column 2"]
    assert "1 more cannot be read" in scoring.text[0].value
    scoring.selectbox(key="score_quoting").set_value("none").run()
    assert scoring.dataframe[0].value["column 2"].tolist() == ["bad", '"phone']
    (link,) = (code.value for code in scoring.code if "batch?" in code.value)
    for part in ("header=data", "quoting=none", "delimiter=comma", "escape="):
        assert part in link


def test_table_choices_and_result_survive_a_change_of_page(scoring: AppTest) -> None:
    upload(scoring, b"id,text,body\n1,good,bad\n")
    scoring.selectbox(key=table_input.MODEL).set_value("kim_cnn").run()
    scoring.selectbox(key=table_input.COLUMN).set_value("body").run()
    score(scoring)
    scoring.switch_page("pages/home.py").run()
    scoring.switch_page("pages/batch.py").run()
    assert not scoring.exception
    assert scoring.selectbox(key=table_input.COLUMN).value == "body"
    assert scoring.selectbox(key=table_input.MODEL).value == "kim_cnn"
    assert [metric.value for metric in scoring.metric] == ["1", "0"]
    next(button for button in scoring.button if button.label == "Remove the file").click().run()
    assert not scoring.dataframe and not scoring.exception


def test_scoring_can_be_stopped(scoring: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    going = threading.Event()
    original = job.score_rows

    def slowly(*arguments: object, **options: object) -> Iterator[object]:
        for number, row in enumerate(original(*arguments, **options)):  # type: ignore[arg-type]
            if number == 70:
                going.wait(10)
            yield row

    monkeypatch.setattr(job, "score_rows", slowly)
    upload(scoring, b"text\n" + b"good film\n" * 500)
    scoring.button(key="score_start").click().run()
    for _ in range(200):
        (progress,) = scoring.get("progress")
        if "Row 70 of 500" in progress.proto.text:
            break
        scoring.run()
    assert "Row 70 of 500" in progress.proto.text and progress.proto.value == 14
    scoring.button(key="score_stop").click().run()
    going.set()
    for _ in range(200):
        if not scoring.get("progress"):
            break
        scoring.run()
    assert any("Stopped. 128 of 500 rows were read" in text.value for text in scoring.text)
    assert [metric.value for metric in scoring.metric] == ["128", "0"]


def test_another_file_takes_the_old_result_away(scoring: AppTest) -> None:
    upload(scoring, b"text\ngood\n")
    score(scoring)
    assert scoring.metric
    next(button for button in scoring.button if button.label == "Remove the file").click().run()
    assert not scoring.metric
    upload(scoring, b"text\nbad\n", "other.csv")
    assert not scoring.metric and scoring.button(key="score_start")


def test_a_rerun_reads_nothing_again(scoring: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    upload(scoring, TABLE)

    def refuse(*arguments: object) -> None:
        raise AssertionError("read again")

    monkeypatch.setattr(table_file, "read_upload", refuse)
    scoring.run()
    assert not scoring.exception and len(scoring.dataframe) == 1


def test_downloads_are_harmless(scoring: AppTest) -> None:
    upload(scoring, b"text,note\ngood,=1+1\n")
    score(scoring)
    from dlnlp.ui.batch.scored_table import scored_csv

    content = scored_csv(scoring.session_state["score_job"]).decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(content))
    assert row["note"] == "'=1+1"
    assert {b.label for b in scoring.get("download_button")} >= {"Scored table (CSV)"}


def test_the_page_names_both_commands_of_the_chosen_network(scoring: AppTest) -> None:
    upload(scoring, TABLE)
    scoring.selectbox(key=table_input.MODEL).set_value("kim_cnn").run()
    scoring.run()
    told = [code.value for code in scoring.code]
    for command in ("dlnlp score --model kim_cnn", "dlnlp explain --model kim_cnn"):
        assert any(command in each for each in told)


def test_without_weights_there_is_a_remedy(
    app: AppTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(artifacts, "WEIGHTS", tmp_path)
    app.switch_page("pages/batch.py").run()
    assert not app.exception and "git checkout" in app.text[0].value


def test_broken_weights_say_so(
    app: AppTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_tiny_han(tmp_path / "han_stars")
    (tmp_path / "han_stars" / "vocabulary.txt").write_text("changed\n")
    monkeypatch.setattr(artifacts, "WEIGHTS", tmp_path)
    app.switch_page("pages/batch.py").run()
    upload(app, TABLE)
    assert len(app.error) == 1 and any("vocabulary.txt" in text.value for text in app.text)


def open_by(app: AppTest, **query: str) -> AppTest:
    for name, value in query.items():
        app.query_params[name] = value
    return app.switch_page("pages/batch.py").run()


def test_a_link_restores_table_column_and_network(app: AppTest, tiny_weights: Path) -> None:
    model = text_models()[-1]
    open_by(app, table="ours", model=model, column="about", delimiter="comma")
    assert not app.exception and not app.error
    chosen = {box.label: box.value for box in app.selectbox}
    assert chosen["Column with the texts"] == "about" and chosen["Network"] == model
    assert chosen["Between columns"] == "comma"
    (link,) = (code.value for code in app.code if "batch?" in code.value)
    for part in ("table=ours", f"model={model}", "column=about", "delimiter=comma"):
        assert part in link
    column = next(box for box in app.selectbox if box.label == "Column with the texts")
    column.set_value("text").run()
    assert not dict(app.query_params), "a reload must not bring back what is no longer shown"


@pytest.mark.parametrize(
    "query",
    [
        {"table": "theirs", "model": "nowhere"},
        {"table": "ours", "column": "<script>", "encoding": "x" * 3000, "delimiter": ""},
        {"model": "han_imdb"},
    ],
)
def test_a_bad_link_shows_a_sensible_page(
    app: AppTest, tiny_weights: Path, query: dict[str, str]
) -> None:
    open_by(app, **query)
    assert not app.exception and not app.error
    if query.get("table") == "ours":
        assert {b.key for b in app.button} >= {"score_start"}


def test_the_tab_keeps_the_choices_and_a_lost_table_is_said_to_be_lost(
    app: AppTest, tiny_weights: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app.run()
    lost = {"choices": {"model": "kim_cnn", "encoding": "UTF-16", "x": [1]}, "own": True}
    monkeypatch.setattr(kept_work, "take_back", lambda page, restore: restore(lost))
    app.switch_page("pages/batch.py").run()
    assert not app.exception
    assert [warning.value for warning in app.warning] == [work.LOST]
    assert app.session_state[key_of("score", "encoding")] == "UTF-16"
    monkeypatch.setattr(kept_work, "take_back", lambda page, restore: None)
    next(button for button in app.button if button.label == "Try ours").click().run()
    assert not app.warning


LABELLED = "text,gold\n" + "good film,pos\nbad phone,neg\nbad film,pos\nphone,?\n" * 3


def test_a_result_is_shown_only_beside_the_choices_that_it_came_from(scoring: AppTest) -> None:
    upload(scoring, b"id,text,stars\n" + b"1,good film,5\n2,bad phone,1\n" * 5)
    scoring.selectbox(key=table_input.MODEL).set_value("kim_cnn").run()
    score(scoring)
    shown = [metric.value for metric in scoring.metric]
    assert shown
    assert scoring.button(key="score_start").proto.type == "secondary", "what is next is below"
    assert any("Rows: true label. Columns: predicted label." in c.value for c in scoring.caption)
    for key, other, back in (
        (table_input.MODEL, "han_stars", "kim_cnn"),
        (table_input.COLUMN, "stars", "text"),
    ):
        scoring.selectbox(key=key).set_value(other).run()
        assert not scoring.exception and not scoring.metric
        assert any("another network or column" in each.value for each in scoring.caption)
        scoring.selectbox(key=key).set_value(back).run()
        scoring.selectbox(key=table_input.LABELS).set_value("stars").run()
        assert not scoring.exception
        assert [metric.value for metric in scoring.metric] == shown


def test_labels_are_guessed_measured_and_can_be_corrected(scoring: AppTest) -> None:
    upload(scoring, LABELLED.replace("gold", "label").encode())
    assert scoring.selectbox(key=table_input.LABELS).value == "label"
    assert any("? = left out, neg = negative, pos = positive" in t.value for t in scoring.text)
    score(scoring)
    found = {metric.label: metric.value for metric in scoring.metric}
    assert found["Labelled rows"] == "9"
    matrix = scoring.dataframe[0].value
    assert matrix.to_numpy().sum() == 9 and list(matrix.columns) == list(POLARITY)
    right = int(matrix.to_numpy().trace())
    assert found["Accuracy"] == f"{100 * right / 9:.1f} %"
    unsure = next(box for box in scoring.selectbox if "meaning label negative ?" in str(box.key))
    unsure.set_value("positive").run()
    assert not scoring.exception
    found = {metric.label: metric.value for metric in scoring.metric}
    assert found["Labelled rows"] == "12"


def test_a_column_of_anything_is_no_column_of_labels(scoring: AppTest) -> None:
    upload(scoring, b"id,text\n" + b"".join(b"%d,good\n" % n for n in range(60)))
    assert scoring.selectbox(key=table_input.LABELS).value == table_input.NO_LABELS
    scoring.selectbox(key=table_input.LABELS).set_value("id").run()
    assert any("60 distinct values" in caption.value for caption in scoring.caption)
    score(scoring)
    assert scoring.tabs[0].label == "Predictions"  # no tab with an evaluation before it


def test_labels_that_mean_nothing_say_what_is_missing(scoring: AppTest) -> None:
    upload(scoring, b"text,kind\ngood,film\nbad,book\n")
    scoring.selectbox(key=table_input.LABELS).set_value("kind").run()
    score(scoring)
    assert any("a label that means a class" in caption.value for caption in scoring.caption)


def test_hostile_labels_are_text(scoring: AppTest) -> None:
    attack = "![x](http://evil.example/x.png)<b>"
    upload(scoring, f"text,label\ngood,pos\nbad,neg\nbad,{attack}\n".encode())
    score(scoring)
    assert any(attack in text.value for text in scoring.text)
    assert not any("evil" in str(box.label) for box in scoring.selectbox)
    assert not any("evil" in element.value for element in scoring.markdown)


def test_a_labelled_table_has_slices_recalibration_and_a_column_by_the_threshold(
    scoring: AppTest,
) -> None:
    upload(scoring, LABELLED.replace("gold", "label").encode())
    score(scoring)
    assert [tab.label for tab in scoring.tabs] == [
        *("Evaluation", "Slices", "Recalibration", "Predictions", words_view.TITLE),
    ]
    found = scoring.session_state["batch_remembered_labelled"][1]
    assert threshold_column_of(scoring) is None
    scoring.slider(key="batch_threshold").set_value(0.62).run()
    assert threshold_column_of(scoring) is None
    scoring.checkbox(key="batch_threshold_used").check().run()
    assert threshold_column_of(scoring) == "label_from_0.62"
    tab(scoring, "Slices")
    assert any("No slice has 10 rows" in caption.value for caption in scoring.caption)
    tab(scoring, "Recalibration")
    assert any("9 labelled rows are too few" in caption.value for caption in scoring.caption)
    assert threshold_column_of(scoring) == "label_from_0.62"
    assert scoring.session_state["batch_remembered_labelled"][1] is found, "measured once"
    scoring.selectbox(key=table_input.LABELS).set_value(table_input.NO_LABELS).run()
    assert not scoring.exception and threshold_column_of(scoring) is None


def threshold_column_of(scoring: AppTest) -> str | None:
    """The column that the help of the download names."""
    (button,) = [b for b in scoring.get("download_button") if b.label == "Scored table (CSV)"]
    named = re.search(r"label_from_[\d.]*\d", button.help)
    return named[0] if named else None


def explain(scoring: AppTest) -> None:
    scoring.button(key="batch_words_start").click().run()
    for _ in range(200):
        if not scoring.get("progress"):
            break
        scoring.run()
    assert not scoring.exception


def test_the_words_that_decide_are_ranked_and_shown_in_their_sentences(scoring: AppTest) -> None:
    upload(scoring, LABELLED.replace("gold", "label").encode())
    scoring.selectbox(key=table_input.MODEL).set_value("kim_cnn").run()
    score(scoring)
    tab(scoring, words_view.TITLE)
    assert scoring.selectbox(key="batch_words_method").options[0] == "Exact contribution"
    explain(scoring)
    ranking = scoring.dataframe[0].value
    assert {"film", "phone", "good", "bad"} <= set(ranking["n-gram"])
    assert ranking["effect"].is_monotonic_decreasing
    assert ranking.set_index("n-gram")["rows"]["film"] == 6
    best = ranking["n-gram"][0]
    assert any(f"{best}: " in text.value for text in scoring.text)
    (chart,) = scoring.get("plotly_chart")
    assert best in chart.proto.spec or best in str(chart.proto)
    labels = {button.label for button in scoring.get("download_button")}
    assert labels >= {"Words (CSV)", "Explanations (JSON lines)", "Explanations (Parquet)"}
    scoring.selectbox(key="batch_words_rows").set_value("Right against wrong").run()
    assert not scoring.exception
    scoring.selectbox(key="batch_words_rows").set_value("Two classes").run()
    assert not scoring.exception
    compared = scoring.dataframe[0].value
    assert list(compared.columns)[1] == "difference" and set(compared["n-gram"]) == {"bad"}
    scoring.session_state["batch_words_size"] = 2
    scoring.run()
    assert not scoring.exception


def test_rows_of_many_classes_are_explained_for_the_predicted_one(scoring: AppTest) -> None:
    upload(scoring, b"text\n" + b"good film\nbad phone\nawful book\n" * 4)
    scoring.selectbox(key=table_input.MODEL).set_value("han_stars").run()
    score(scoring)
    tab(scoring, words_view.TITLE)
    target = scoring.selectbox(key="batch_words_target")
    assert target.value == "4–5 over 1–2 stars"
    explain(scoring)
    job = scoring.session_state["batch_explain_job"]
    assert {each.explanation.target for each in job.found} == {target.value}
    scoring.selectbox(key="batch_words_target").set_value(words_view.PREDICTED).run()
    explain(scoring)
    job = scoring.session_state["batch_explain_job"]
    assert {each.explanation.target for each in job.found} == {
        each.explanation.label for each in job.found
    }
    assert scoring.dataframe
    lines = words_result.as_json_lines(job).decode().splitlines()
    records = [json.loads(line) for line in lines]
    assert [r["row"] for r in records if r["record"] == "row"] == list(range(1, 13))
    words = [r for r in records if r["record"] == "word"]
    table = pq.read_table(io.BytesIO(words_result.as_parquet(job))).to_pylist()
    assert [(r["row"], r["token"]) for r in table] == [(w["row"], w["token"]) for w in words]


def test_another_network_has_other_methods_and_classes(scoring: AppTest) -> None:
    upload(scoring, b"text\ngood film\n")
    for model, method, target in (
        ("kim_cnn", "evidence", "positive"),
        ("han_stars", "written", "4–5 over 1–2 stars"),
        ("kim_cnn", "evidence", "positive"),
    ):
        scoring.selectbox(key=table_input.MODEL).set_value(model).run()
        score(scoring)
        tab(scoring, words_view.TITLE)
        assert scoring.selectbox(key="batch_words_method").value == method
        assert scoring.selectbox(key="batch_words_target").value == target


def test_words_of_another_table_go_with_it(scoring: AppTest) -> None:
    upload(scoring, b"text\n" + b"good film\n" * 3)
    score(scoring)
    tab(scoring, words_view.TITLE)
    explain(scoring)
    assert scoring.dataframe
    score(scoring)
    assert "batch_explain_job" not in scoring.session_state and not scoring.get("plotly_chart")


def test_explaining_can_be_stopped(scoring: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    going = threading.Event()
    original = explain_job.explain_rows

    def slowly(*arguments: object, **options: object) -> Iterator[object]:
        for number, row in enumerate(original(*arguments, **options)):  # type: ignore[arg-type]
            if number == 10:
                going.wait(10)
            yield row

    monkeypatch.setattr(explain_job, "explain_rows", slowly)
    upload(scoring, b"text\n" + b"good film\n" * 100)
    score(scoring)
    tab(scoring, words_view.TITLE)
    scoring.button(key="batch_words_start").click().run()
    for _ in range(200):
        (progress,) = scoring.get("progress")
        if "Row 10 of 100 explained" in progress.proto.text:
            break
        scoring.run()
    scoring.button(key="batch_words_stop").click().run()
    going.set()
    for _ in range(200):
        if not scoring.get("progress"):
            break
        scoring.run()
    assert any("Stopped. 11 of 100 rows were explained" in text.value for text in scoring.text)
    assert scoring.dataframe


def test_hostile_words_are_text(scoring: AppTest) -> None:
    attack = "<img src=x onerror=alert(1)> **bold** $x$ [a](http://evil.example)"
    upload(scoring, ("text\n" + f'"{attack} good"\n' * 6).encode())
    score(scoring)
    tab(scoring, words_view.TITLE)
    explain(scoring)
    for element in [*scoring.markdown, *scoring.caption]:
        assert "evil" not in element.value and "onerror" not in element.value
