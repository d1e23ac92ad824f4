"""The connected networks as files: by themselves, in light colours on a dark page too."""

import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.figures.figures import words_of_pdf

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


@pytest.mark.parametrize("name", PAGES)
def test_a_network_is_saved_in_light_colours_from_any_page(
    page: Page, server: str, visit: Visit, name: str, tmp_path: Path
) -> None:
    page.emulate_media(color_scheme="dark")
    visit(f"{server}/{name}")
    expect(page.get_by_role("button", name="Save picture")).to_be_visible()
    root = ET.parse(downloaded(page, "svg", tmp_path)).getroot()
    drawn = [node for node in root.iter() if node.tag.endswith("}text")]
    said = " ".join(node.text or "" for node in drawn)
    assert all(word in said for word in PAGES[name]), said
    assert "#121418" in {node.get("fill") for node in drawn}  # ink of the light theme
    whole = ET.tostring(root, "unicode")
    assert "var(" not in whole and "url(" not in whole and "class=" not in whole
    found = words_of_pdf(downloaded(page, "pdf", tmp_path))
    assert all(word in found for word in PAGES[name]), found
    page.get_by_label("Format of the picture").select_option("png")
    page.get_by_label("Width of the picture in pixels").select_option("1200")
    with Image.open(downloaded(page, "png", tmp_path)) as picture:
        assert picture.width == 1_200
