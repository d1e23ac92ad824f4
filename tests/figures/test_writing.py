"""PDF and PNG: words can be searched, fonts are embedded, sizes are as asked."""

import io
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from PIL import Image

from dlnlp.figures import ENDINGS
from dlnlp.figures.shaded import shaded_figure
from dlnlp.figures.writing import FORMATS, figure_pdf, figure_png, widest
from tests.figures.figures import CARD, LATIN, OTHERS, hostile_figure, words_of_pdf
from tests.ui.text.attributions import make_attribution


def test_every_ending_is_a_format() -> None:
    assert tuple(FORMATS) == ENDINGS


def test_every_word_of_a_hostile_text_can_be_found_in_the_pdf(tmp_path: Path) -> None:
    path = tmp_path / "figure.pdf"
    path.write_bytes(figure_pdf(hostile_figure(numbers=False)))
    found = words_of_pdf(path)
    for word in [*LATIN, *OTHERS, "😀", "👍", "$", "%", "&", "<b>", "0123456789ab"]:
        assert word in found or word in found.replace("\n", ""), word
    fonts = subprocess.run(["pdffonts", path], capture_output=True, text=True, check=True).stdout
    assert re.search(r"\+DejaVuSans +CID TrueType +Identity-H +yes yes yes", fonts)


def test_a_long_text_has_pages(tmp_path: Path) -> None:
    if shutil.which("pdfinfo") is None:
        pytest.skip("pdfinfo is not installed (Debian: poppler-utils)")
    path = tmp_path / "figure.pdf"
    path.write_bytes(
        figure_pdf(shaded_figure([make_attribution("word " * 1_500 + ".")], "m", CARD))
    )
    told = subprocess.run(["pdfinfo", path], capture_output=True, text=True, check=True).stdout
    assert int(re.search(r"Pages: +(\d+)", told)[1]) > 1  # type: ignore[index]


def test_the_picture_is_as_wide_as_asked_and_has_the_shades() -> None:
    figure = shaded_figure([make_attribution("Good.", words=[1.0])], "m", CARD)
    image = Image.open(io.BytesIO(figure_png(figure, 960)))
    assert image.width == 960
    assert (128, 159, 188) in {colour for _, colour in image.convert("RGB").getcolors(10**6) or []}


def test_a_picture_that_nobody_could_open_is_refused() -> None:
    figure = shaded_figure([make_attribution("word. " * 1_990)], "m", CARD)
    most = widest(figure)
    assert most < 4_000
    with pytest.raises(ValueError, match=f"at most {most:,} pixels wide, not 4,000"):
        figure_png(figure, 4_000)
