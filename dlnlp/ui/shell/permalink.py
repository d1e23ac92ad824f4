"""A view as query parameters: texts and settings in, a link out, and back."""

import base64
import binascii
import zlib
from collections.abc import Mapping
from urllib.parse import urlencode

MAX_URL = 4_000
# A few kilobytes of zlib can unfold to megabytes: stop unfolding where no honest link goes.
MAX_TEXT = 20_000


class LinkError(ValueError):
    """A link that cannot be read; the message is one sentence for the page."""


def encode_text(text: str, like: str = "") -> str | None:
    """Compress a text for a link.

    Args:
        text: Any text.
        like: A text that the reader of the link has: what `text` shares with it costs nothing.

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
    return encoded if len(encoded) <= MAX_URL else None


def decode_text(encoded: str, like: str = "") -> str:
    """Read what `encode_text` wrote with the same `like`.

    Raises:
        LinkError: The parameter is damaged, cut short or unfolds to too much.
    """
    try:
        if len(encoded) > 2 * MAX_URL:
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


def build_link(
    base_url: str, parameters: Mapping[str, str], text: str, kept: str | None = None
) -> str | None:
    """A link that restores a view.

    Args:
        base_url: Address of the page, without a query.
        parameters: Short settings, such as the model.
        text: The text on the page.
        kept: The version it is compared with, if any.

    Returns:
        The link, or None when it would be longer than MAX_URL characters.
    """
    encoded = encode_text(text)
    if encoded is None:
        return None
    query = {**parameters, "text": encoded}
    if kept is not None:
        version = encode_text(kept, like=text)
        if version is None:
            return None
        query["kept"] = version
    link = f"{base_url}?{urlencode(query)}"
    return link if len(link) <= MAX_URL else None
