"""The one mechanism of links: a view as query parameters, texts among them compressed.

A page has one `PageLink`. It tells a link that nobody has followed yet, takes a link out of the
address bar once something else is shown, and writes the link to what is shown::

    LINK = PageLink("batch", ("table", "model"))

    if query := LINK.new():            # first on the page, before its widgets
        follow(query)
    ...
    LINK.leave_when_changed(view)      # wherever a change of the view is drawn
    LINK.url([("model", "kim_cnn")])   # what a visitor passes on

Streamlit's own `bind="query-params"` serves none of these pages: it writes an option as its label,
names the parameter after the widget's key, and drops what a link says of a widget that is not drawn
yet.
"""

import base64
import binascii
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

import streamlit as st

MAX_URL = 4_000
# Nobody has to pass on what leads from one page of the app to another.
LONGEST_OWN = 8_000
# A few kilobytes of zlib can unfold to megabytes: stop unfolding where no honest link goes.
MAX_TEXT = 20_000


class LinkError(ValueError):
    """A link that cannot be read; the message is one sentence for the page."""


def encode_text(text: str, like: str = "", longest: int = MAX_URL) -> str | None:
    """Compress a text for a link.

    Args:
        text: Any text.
        like: A text that the reader of the link has: what `text` shares with it costs nothing.
        longest: Characters that the result may have; `LONGEST_OWN` within the app.

    Returns:
        base64url without padding, or None when the text is too long for a link.
    """
    if max(len(text), len(like)) > MAX_TEXT:
        return None
    # Browsers send no lone surrogates; a text that holds one has no UTF-8 form and no link.
    try:
        squeeze = zlib.compressobj(level=9, zdict=like.encode("utf-8"))
        packed = squeeze.compress(text.encode("utf-8")) + squeeze.flush()
    except UnicodeEncodeError:
        return None
    encoded = base64.urlsafe_b64encode(packed).decode("ascii").rstrip("=")
    return encoded if len(encoded) <= longest else None


def decode_text(encoded: str, like: str = "") -> str:
    """Read what `encode_text` wrote with the same `like`.

    Raises:
        LinkError: The parameter is damaged, cut short or unfolds to too much.
    """
    try:
        if len(encoded) > LONGEST_OWN:
            raise ValueError("too long")
        padded = encoded + "=" * (-len(encoded) % 4)
        packed = base64.b64decode(padded.encode("ascii"), altchars=b"-_", validate=True)
        unfold = zlib.decompressobj(zdict=like.encode("utf-8"))
        raw = unfold.decompress(packed, 4 * MAX_TEXT)
        if not unfold.eof or unfold.unused_data:
            raise ValueError("cut short or too long")
        text = raw.decode("utf-8")
        if len(text) > MAX_TEXT:
            raise ValueError("too long")
    except (ValueError, binascii.Error, zlib.error) as error:
        raise LinkError(
            "The text in this link is damaged or was cut off on its way, so an example is shown "
            "instead. Ask for the link again, or paste the text."
        ) from error
    return text


Query = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class PageLink:
    """The links of one page.

    Attributes:
        page: The file in ``pages/`` without ``.py``; also the address.
        names: The page's parameters. Others in the address bar are no business of the page.
    """

    page: str
    names: tuple[str, ...]

    def parameters(self) -> Query:
        """All values of each of the page's parameters in the address bar: hostile until checked."""
        return {
            name: st.query_params.get_all(name) for name in self.names if name in st.query_params
        }

    def new(self) -> Query:
        """The parameters of a link that this session has not followed yet, and follows now."""
        query = self.parameters()
        if not query or query == st.session_state.get(self._key("followed")):
            return {}
        st.session_state[self._key("followed")] = query
        st.session_state[self._key("view")] = None
        return query

    def leave_when_changed(self, view: object) -> bool:
        """Take the link out of the address bar once another view than the link's is shown.

        A reload then does not bring back what is no longer shown.

        Args:
            view: What is shown; the first one after `new` is the link's.

        Returns:
            Whether the link was left just now.
        """
        state = st.session_state
        if not self.parameters():
            return False
        if state.get(self._key("view")) is None:
            state[self._key("view")] = (view,)
        elif state[self._key("view")] != (view,):
            self.leave()
            return True
        return False

    def leave(self) -> None:
        """Take the link out of the address bar."""
        st.session_state[self._key("followed")] = None
        for name in self.names:
            if name in st.query_params:
                del st.query_params[name]

    def show(self, query: Query) -> None:
        """Let the address bar follow a view that is small enough: the address is then the link."""
        st.session_state[self._key("followed")] = query
        st.session_state[self._key("view")] = None
        for name in self.names:
            if name in query:
                st.query_params[name] = query[name]
            elif name in st.query_params:
                del st.query_params[name]

    def url(self, query: Iterable[tuple[str, str]]) -> str | None:
        """The link with the given parameters; None when it is longer than `MAX_URL`."""
        link = f"{st.context.url or f'/{self.page}'}?{urlencode(list(query), safe=',')}"
        return link if len(link) <= MAX_URL else None

    def _key(self, what: str) -> str:
        return f"{self.page}_link_{what}"
