"""A table shows its rows, in order, under the names of its columns."""

import pandas as pd
from streamlit.testing.v1 import AppTest

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
    pd.testing.assert_frame_equal(
        app.table[0].value.reset_index(drop=True), pd.DataFrame(ROWS), check_dtype=False
    )


def test_a_table_without_rows_is_no_error() -> None:
    app = AppTest.from_function(draw, args=([],)).run()
    assert not app.exception and len(app.table) == 1
