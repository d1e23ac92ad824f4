"""A dialect in words."""

import pytest

from dlnlp.tables.dialect import Dialect


@pytest.mark.parametrize(
    ("dialect", "columns", "words"),
    [
        (Dialect(), 2, "comma-separated, UTF-8"),
        (Dialect(encoding="utf-8-sig"), 1, "one column, UTF-8"),
        (
            Dialect(";", encoding="utf-16", header=False),
            3,
            "semicolon-separated, UTF-16, no header",
        ),
        (
            Dialect("\t", quoting="none"),
            2,
            "tab-separated, UTF-8, quotes are ordinary characters",
        ),
        (
            Dialect("^", escape="backslash", encoding="cp1252", skipped=2),
            2,
            "'^'-separated, Windows-1252, backslash before quotes, 2 lines above the table "
            "left out",
        ),
        (Dialect(skipped=1, encoding="cp1251"), 2, "comma-separated, cp1251, 1 line above the "
         "table left out"),
    ],
)  # fmt: skip
def test_it_is_told_in_one_line(dialect: Dialect, columns: int, words: str) -> None:
    assert dialect.describe(columns) == words


def test_only_what_is_unusual_is_told() -> None:
    assert Dialect().usual and Dialect(encoding="utf-8-sig", marked=True).usual
    for dialect in (Dialect(";"), Dialect(encoding="cp1252"), Dialect(header=False)):
        assert not dialect.usual
