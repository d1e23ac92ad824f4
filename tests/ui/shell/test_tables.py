"""A table shows its rows, in order, under the names of its columns."""

from streamlit.testing.v1 import AppTest

from tests.ui.drawn_tables import tables

ROWS = [
    {"schedule": "**A** · 1", "peak": "0.1", "note": ""},
    {"schedule": "<b>B</b>", "peak": "−2", "note": "日本 😀"},
]


def draw(rows) -> None:
    from dlnlp.ui.shell.tables import table

    table(rows)


def test_rows_are_drawn_as_they_are() -> None:
    app = AppTest.from_function(draw, args=(ROWS,)).run()
    assert not app.exception
    assert tables(app) == [{name: [row[name] for row in ROWS] for name in ROWS[0]}]


def test_a_cell_is_one_cell() -> None:
    app = AppTest.from_function(draw, args=([{"a": "x | y\n\n| z", "b": r"\|"}],)).run()
    assert app.markdown[0].value.split("\n") == [
        "| a | b |",
        "| --- | --- |",
        r"| x \| y \| z | \| |",
    ]


def test_a_table_without_rows_is_nothing() -> None:
    app = AppTest.from_function(draw, args=([],)).run()
    assert not app.exception and not app.markdown
