"""Tables for the page of batch prediction, and how a browser gives it one."""

from playwright.sync_api import Page


def give(page: Page, name: str, content: bytes) -> None:
    page.locator("input[type=file]").set_input_files(
        {"name": name, "mimeType": "text/csv", "buffer": content}
    )


def sliced_table() -> bytes:
    """120 rows whose labels a network gets right, but for those about books."""
    good, bad = "A wonderful film, I loved it.", "Dull, noisy and painfully bad. Avoid."
    rows = ["text,about,sentiment"]
    for number in range(120):
        text, right = ((good, "pos"), (bad, "neg"))[number % 2]
        about = "book" if number % 5 == 0 else "film"
        wrong = {"pos": "neg", "neg": "pos"}[right]
        rows.append(
            f'"{text} It is number {number}.",{about},{wrong if about == "book" else right}'
        )
    return "\n".join(rows).encode()
