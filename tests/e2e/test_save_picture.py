"""The connected networks as files: by themselves, in light colours on a dark page too."""

import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.figures.figures import compiled, words_of_pdf

Visit = Callable[[str], None]
PAGES = {
    "han": ["Words", "Embedding", "softmax", "4 stars"],
    "kim_cnn": ["Best window", "Weight", "logit"],
    "mnist_cnn": ["conv1", "Dense", "Logits"],
}


def downloaded(page: Page, kind: str, folder: Path) -> Path:
    page.get_by_label("Format of the picture").select_option(kind)
    with page.expect_download() as download:
        page.get_by_role("button", name="Save picture").click()
    path = folder / f"saved.{kind}"
    download.value.save_as(path)
    return path


def assert_drawing(path: Path, words: list[str]) -> None:
    """A file that needs nothing else, in the light theme's ink."""
    root = ET.fromstring(path.read_bytes())
    texts = [node for node in root.iter() if node.tag.endswith("}text")]
    written = " ".join(node.text or "" for node in texts)
    for word in words:
        assert word in written
    inks = {node.attrib["fill"] for node in texts}
    assert "#121418" in inks
    whole = path.read_bytes()
    assert b"var(" not in whole and b"url(" not in whole and b"class=" not in whole


def assert_words(path: Path, words: list[str]) -> None:
    found = words_of_pdf(path)
    for word in words:
        assert word in found


def assert_latex(path: Path, name: str, words: list[str]) -> None:
    with ZipFile(path) as archive:
        archive.extractall(path.parent)
    assert_words(path.parent / f"{name}.pdf", words)
    source = (path.parent / f"{name}.tex").read_text(encoding="utf-8")
    assert_words(compiled(source, path.parent), [*words, "Figure 1: ", "connected"])


def assert_width(path: Path, width: int) -> None:
    with Image.open(path) as picture:
        assert picture.width == width


@pytest.mark.parametrize("name", PAGES)
def test_a_network_is_saved_in_light_colours_from_any_page(
    page: Page, server: str, visit: Visit, name: str, tmp_path: Path
) -> None:
    page.emulate_media(color_scheme="dark")
    visit(f"{server}/{name}")
    expect(page.get_by_role("button", name="Save picture")).to_be_visible()
    assert_drawing(downloaded(page, "svg", tmp_path), PAGES[name])
    assert_words(downloaded(page, "pdf", tmp_path), PAGES[name])
    if name == "han":
        assert_latex(downloaded(page, "tex", tmp_path), "han_network", PAGES[name])
    page.get_by_label("Format of the picture").select_option("png")
    page.get_by_label("Width of the picture in pixels").select_option("1200")
    assert_width(downloaded(page, "png", tmp_path), 1_200)
