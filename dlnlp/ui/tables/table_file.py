"""The one table of a page: uploaded or given, kept in the session, and read once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from dlnlp.tables.dialect import FIND_OUT
from dlnlp.tables.reader import TableError
from dlnlp.ui.shell.streamlit_internals import DeltaGenerator, UploadedFile
from dlnlp.ui.tables.reading import choose_reading
from dlnlp.ui.tables.upload import MOST_BYTES, MOST_COLUMNS, MOST_ROWS, UploadedTable, read_upload

_NAME, _CHARACTERS = 40, 160


@dataclass(frozen=True)
class TableFile:
    """What a page keeps of its table.

    Attributes:
        page: begins the keys in the session.
        choices: keys that mean something for one table only, such as the choice of a column.
    """

    page: str
    choices: Sequence[str] = ()

    @property
    def content(self) -> tuple[str, bytes] | None:
        """Name and bytes of the file at hand."""
        file: tuple[str, bytes] | None = st.session_state.get(self._key("file"))
        return file

    def put(self, name: str, content: bytes) -> None:
        """Put a file where an uploaded one would be."""
        self.remove()
        self._take(name, content)

    def remove(self) -> None:
        """Forget the file, the one in the upload field too."""
        self._forget()
        st.session_state[self._key("uploads")] = st.session_state.get(self._key("uploads"), 0) + 1

    def field(self, label: str, explained: str = "") -> None:
        """Draw the upload field.

        Args:
            label: what is asked for.
            explained: added to what its help says.
        """
        key = f"{self.page}_upload_{st.session_state.get(self._key('uploads'), 0)}"
        st.file_uploader(
            label,
            type=["csv", "tsv", "txt"],
            max_upload_size=MOST_BYTES // 1_000_000,
            key=key,
            on_change=self._uploaded,
            args=(key,),
            help=f"At most {MOST_ROWS:,} rows and {MOST_COLUMNS} columns. The file stays in the "
            f"memory of this server, and goes when you leave.{explained}",
        )

    def table(self, title: DeltaGenerator, menus: DeltaGenerator) -> UploadedTable | None:
        """The table at hand, None where there is none.

        Args:
            title: where its name and size are told.
            menus: where the options of reading it and the button that removes it are drawn.
        """
        file = self.content
        if file is None:
            return None
        name, content = file
        above = st.container()
        with menus:
            reading = choose_reading(self.page)
            st.button("Remove the file", on_click=self.remove)
        if reading != FIND_OUT:
            st.caption("Some of it is chosen here, and is not found out from the file.")
        asked, place = (name, content, reading), self._key("table")
        kept: tuple[tuple[Any, ...], UploadedTable | TableError] | None = st.session_state.get(
            place
        )
        if kept is None or kept[0] != asked:
            found: UploadedTable | TableError
            try:
                found = read_upload(*asked)
            except TableError as error:
                found = error.with_traceback(None)
            kept = st.session_state[place] = (asked, found)
        if isinstance(kept[1], UploadedTable):
            with title:
                st.text(f"{cut(name, _NAME)}: {_counts(kept[1])}", width="content")
            return kept[1]
        with above:
            st.error("This file cannot be read as a table.")
            st.text(f"{name}: {kept[1]}.")
            if kept[1].option:
                st.caption("Or choose under “How the file is read”.")
        return None

    def _uploaded(self, key: str) -> None:
        file: UploadedFile | None = st.session_state[key]
        if file is None:
            # The field stays the same one: a second file on its way up first takes the old one out.
            self._forget()
        else:
            self._take(file.name, file.getvalue())

    def _take(self, name: str, content: bytes) -> None:
        self._forget()
        st.session_state[self._key("file")] = (name, content)

    def _forget(self) -> None:
        for key in (self._key("file"), *self.choices):
            st.session_state.pop(key, None)

    def _key(self, what: str) -> str:
        return f"{self.page}_{what}"


def _counts(table: UploadedTable) -> str:
    rows, columns = len(table.good), len(table.labels)
    bad = f"; {len(table.bad):,} more cannot be read" if table.bad else ""
    return f"{rows:,} row{'s' * (rows != 1)}, {columns} column{'s' * (columns != 1)}{bad}"


def cut(cell: str, longest: int = _CHARACTERS) -> str:
    """The beginning of a text that may be long."""
    return cell if len(cell) <= longest else cell[:longest] + " …"
