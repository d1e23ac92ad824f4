"""Punkt's sentence boundaries (Kiss & Strunk 2006), as NLTK decides them, several times as fast.

NLTK learns the parameters (:mod:`train.corpora.punkt_training`); this module applies them. The
decisions are those of ``nltk.tokenize.PunktSentenceTokenizer.span_tokenize``, to which the tests
compare it, with four differences in kind: the plain case (a word of two letters or more that is no
abbreviation) is decided without building token objects; a mark after a "word" of more than 500
characters always ends a sentence; no wall clock interrupts a long line; and ``nltk`` is not
imported, which costs two seconds and 200 MB wherever SciPy is installed.
"""

import re
import string
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

NON_WORD = r"[)\";}\]*:@'({\[‘’“”«»?!]"
_MULTI = r"(?:-{2,}|\.{2,}|(?:\.\s){2,}\.)"
_CANDIDATE = re.compile(rf"[.?!](?=(?P<after>{NON_WORD}|\s+(?P<next>\S+)))")
_TOKEN = re.compile(
    rf"""({_MULTI} | (?=[^("`{{\[:;&\#*@)}}\]\-,])\S+?(?=\s|$|{NON_WORD}|{_MULTI}
    |,(?=$|\s|{NON_WORD}|{_MULTI})) | \S)""",
    re.VERBOSE,
)
_CLOSING = re.compile(r"[\"')\]}‘’“”«»]+?(?:\s+|(?=--)|$)", re.MULTILINE)
_NUMBER = re.compile(r"^-?[.,]?\d[\d,.-]*\.?$")
_INITIAL = re.compile(r"[^\W\d]\.$")
_PLAIN = re.compile(r"[A-Za-z]{2,}")
# Hostile text (". . . .") can make a "word" of a whole line; looking inside would be quadratic.
_LONGEST_WORD = 500
# Flags of an orthographic context: the word was seen in that case, at that place.
_MID_UPPER = 1 << 2
_UPPER = (1 << 1) | _MID_UPPER | (1 << 3)
_BEGIN_LOWER = 1 << 4
_LOWER = _BEGIN_LOWER | (1 << 5) | (1 << 6)


# What is known of a mark beforehand: asked with what stands before it since the last white space,
# and the offset after it; None leaves the decision to Punkt.
Known = Callable[[str, int], bool | None]


@dataclass(frozen=True)
class PunktParameters:
    """What Punkt learned, in NLTK's terms.

    Attributes:
        abbrev_types: abbreviations without their last period, lower case.
        collocations: pairs of words that a period does not part.
        sent_starters: words that often start a sentence.
        ortho_context: flags of the cases and places in which a word was seen.
    """

    abbrev_types: frozenset[str] = frozenset()
    collocations: frozenset[tuple[str, str]] = frozenset()
    sent_starters: frozenset[str] = frozenset()
    ortho_context: Mapping[str, int] = field(default_factory=dict)
    not_plain: frozenset[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Abbreviations, and words after which a period may part nothing."""
        first_words = {first for first, _ in self.collocations}
        object.__setattr__(self, "not_plain", self.abbrev_types | first_words)

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready, in a fixed order."""
        return {
            "abbrev_types": sorted(self.abbrev_types),
            "collocations": sorted(map(list, self.collocations)),
            "sent_starters": sorted(self.sent_starters),
            "ortho_context": dict(sorted(self.ortho_context.items())),
        }

    @classmethod
    def from_dict(cls, content: Mapping[str, Any]) -> "PunktParameters":
        """The inverse of :meth:`to_dict`."""
        return cls(
            frozenset(content["abbrev_types"]),
            frozenset((a, b) for a, b in content["collocations"]),
            frozenset(content["sent_starters"]),
            dict(content["ortho_context"]),
        )


def sentence_spans(
    line: str, parameters: PunktParameters, known: Known | None = None
) -> Iterator[tuple[int, int]]:
    """Spans ``(start, end)`` of the sentences of a text without line breaks.

    Closing quotes and brackets after the full stop belong to the sentence before them.

    Args:
        line: the text.
        parameters: what Punkt learned.
        known: what is known of a mark beforehand.
    """
    moved = 0
    sentences = _unaligned(line, parameters, known)
    start, end = next(sentences)
    for next_start, next_end in sentences:
        closing = _CLOSING.match(line, next_start, next_end)
        left = start + moved
        if closing:
            moved = closing.end() - next_start
            yield left, next_start + len(closing.group().rstrip())
        else:
            moved = 0
            if left < end:
                yield left, end
        start, end = next_start, next_end
    if start + moved < end:
        yield start + moved, end


def sentence_ends(line: str, parameters: PunktParameters, known: Known | None = None) -> list[int]:
    """Offsets behind the marks that end a sentence, but the last sentence.

    Closing quotes and brackets still count to the next sentence.
    """
    *ended, _ = _unaligned(line, parameters, known)
    return [end for _, end in ended]


def ends_plainly(word: str, parameters: PunktParameters) -> bool:
    """Whether a period after the word ends a sentence whatever follows: most do."""
    return bool(_PLAIN.fullmatch(word)) and word.lower() not in parameters.not_plain


def _unaligned(
    line: str, parameters: PunktParameters, known: Known | None
) -> Iterator[tuple[int, int]]:
    start = 0
    for match, word_start in _candidates(line):
        word = line[word_start : match.start()]
        ends = known(word, match.end()) if known else None
        if _ends_sentence(word, match, parameters) if ends is None else ends:
            yield start, match.end()
            following = match.start("next")
            start = match.end() if following < 0 else following
    yield start, len(line.rstrip())


def _candidates(line: str) -> Iterator[tuple[re.Match[str], int]]:
    """Marks that may end a sentence, with the start of the word before them.

    Of several marks on one word (``Really?!``) only the last is a candidate.
    """
    held: re.Match[str] | None = None
    held_start = held_stop = 0
    for match in _CANDIDATE.finditer(line):
        before = line[held_stop : match.start()]
        # What can be printed holds no other white space.
        if before.isprintable():
            space = before.rfind(" ")
        else:
            space = max(map(before.rfind, string.whitespace))
        word_start = space + held_stop + 1 if space > 0 else held_start
        if held and held_stop <= word_start:
            yield held, held_start
        held, held_start, held_stop = match, word_start, match.start()
    if held:
        yield held, held_start


def _ends_sentence(word: str, match: re.Match[str], parameters: PunktParameters) -> bool:
    mark = match.group()
    if mark != "." or len(word) > _LONGEST_WORD:
        return True
    if ends_plainly(word, parameters):
        return True
    tokens = _TOKEN.findall(word + mark + match.group("after"))
    return any(_breaks(a, b, parameters) for a, b in pairwise(tokens))


def _kind(token: str, parameters: PunktParameters) -> str:
    """First pass: by the token alone, "break", "abbreviation", "ellipsis" or ""."""
    if token in (".", "?", "!"):
        return "break"
    if not token.endswith("."):
        return ""
    if token.endswith(".."):
        return "ellipsis" if not token.strip(".") else ""
    word = token[:-1].lower()
    known = parameters.abbrev_types
    return "abbreviation" if word in known or word.split("-")[-1] in known else "break"


def _type(token: str) -> str:
    return _NUMBER.sub("##number##", token.lower())


def _without_period(kind: str) -> str:
    return kind[:-1] if len(kind) > 1 and kind[-1] == "." else kind


def _breaks(token: str, following: str, parameters: PunktParameters) -> bool:
    """Second pass: whether a sentence ends between two tokens."""
    kind = _kind(token, parameters)
    if not token.endswith("."):
        return kind == "break"
    word, next_word = _without_period(_type(token)), _type(following)
    if _kind(following, parameters) == "break":
        next_word = _without_period(next_word)
    if (word, next_word) in parameters.collocations:
        return False
    context = parameters.ortho_context.get(next_word, 0)
    starts = starts_sentence(following, context)
    initial = bool(_INITIAL.match(token))
    if (kind in ("abbreviation", "ellipsis") and not initial) and (
        starts or (following[0].isupper() and next_word in parameters.sent_starters)
    ):
        return True
    if initial or word == "##number##":
        if starts is False:
            return False
        if starts is None and initial and following[0].isupper() and not context & _LOWER:
            return False
    return kind == "break"


def starts_sentence(token: str, context: int) -> bool | None:
    """Orthographic heuristic: True, False, or None where the case says nothing."""
    if token in (";", ":", ",", ".", "!", "?"):
        return False
    if token[0].isupper() and context & _LOWER and not context & _MID_UPPER:
        return True
    if token[0].islower() and (context & _UPPER or not context & _BEGIN_LOWER):
        return False
    return None
