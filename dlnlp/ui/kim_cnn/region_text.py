"""What the Kim CNN page says of regions beside any method."""

from dlnlp.explain.attribution import Attribution
from dlnlp.explain.evidence import Evidence, Region
from dlnlp.explain.shading import Ends
from dlnlp.inference.sentiment_result import SentimentResult
from dlnlp.ui.shell.numbers import signed
from dlnlp.ui.text.highlighted_text import HighlightedTextData
from dlnlp.ui.text.method_text import MethodText
from dlnlp.ui.text.shaded_text import MAX_TOKENS, Columns, view_data

EXACT, REGION = "Exact contribution", "Strongest n-gram here"


def region_text(result: SentimentResult, start: int, stop: int) -> str:
    """The text of the words `start` to `stop`, as pasted, on one line."""
    if start >= stop:
        return ""
    first, last = int(result.token_spans[start, 0]), int(result.token_spans[stop - 1, 1])
    return " ".join(result.text[first:last].split())


def strongest_regions(result: SentimentResult, evidence: Evidence) -> list[Region | None]:
    """The strongest region that covers each word; None where no filter was moved by it."""
    found: list[Region | None] = [None] * len(result.tokens)
    for region in evidence.regions:  # strongest first
        for index in range(region.start, min(region.stop, len(found))):
            if found[index] is None:
                found[index] = region
    return found


def _told(result: SentimentResult, region: Region | None) -> str:
    if region is None:
        return "none"
    text = region_text(result, region.start, region.stop)[:60]
    return f"“{text}” {signed(region.contribution, 2)}"


def kim_data(
    attribution: Attribution[SentimentResult],
    words: MethodText,
    evidence: Evidence,
    max_tokens: int = MAX_TOKENS,
    scales: tuple[Ends, Ends] | None = None,
) -> HighlightedTextData:
    """`view_data` with each word's exact contribution and the strongest n-gram that covers it."""
    result = attribution.reading
    columns: Columns = {
        EXACT: [signed(value, 3) for value in evidence.words.tolist()],
        REGION: [_told(result, region) for region in strongest_regions(result, evidence)],
    }
    if attribution.method.name == "evidence":  # not said twice
        columns = {REGION: columns[REGION]}
    return view_data(
        attribution,
        words,
        columns=columns,
        at_most=f"{len(result.tokens):,} words",
        max_tokens=max_tokens,
        scales=scales,
    )
