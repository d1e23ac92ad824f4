"""What is known of English writing, and no statistics of informal texts will learn.

Of a full stop after an abbreviation, the words on both sides decide whether it ends a sentence;
of any mark, whether it stands inside an address.
:class:`dlnlp.text.sentences.SentenceSplitter` asks here first, and Punkt
(:mod:`dlnlp.text.punkt`) for the rest.
"""

import re
from bisect import bisect_left
from collections.abc import Callable

# In each list, a word with a capital counts only as it is written: "Rep. Green", but "the rep".
# They stand before what they belong to: a sentence never ends there.
_ALWAYS_JOINED = """
    mr mrs ms dr messrs mme mlle msgr prof
    Rev Hon Fr Gen Sen Rep Gov Pres Col Capt Lt Sgt Cpl Pvt Maj Adm Cmdr Brig Supt Det Insp Amb Atty
    mt vs v e.g eg i.e ie cf viz approx a.k.a aka p.s esp incl
"""
# Before a number they belong to it; elsewhere they are words ("No. That was bad.").
_JOINED_TO_NUMBERS = "no nos p pp vol vols fig figs ch chap sec sect ep pt eq ver"
# They may end a sentence: the next word decides.
_DECIDED_BY_NEXT = """
    jr sr esq st ste ft al ph ph.d ed.d m.sc b.sc d.phil ed eds est dept univ inst assn assoc bros
    inc ltd co corp llc intl natl mfg mgr asst ave blvd rd hwy apt ext tel misc
    lb lbs oz yd yds hr hrs min mins mi sq tbsp tsp
    Jan feb Mar apr Jun jul aug Sep sept oct nov dec
    Mon tue tues Wed thu thur thurs Fri Sat Sun
"""
# They close a list: what begins with a capital after them is a new sentence.
_ENDS_BEFORE_CAPITAL = "etc ect"
# Words that usually start a sentence where they are written with a capital; none is a name.
_STARTERS = frozenset(
    """
    a about after again all also although an and another any anyone anyway are as at be because
    before besides both but by can considering could did do does during each either even every
    everyone everything finally first for from had has have he hence her here his how however i if
    in instead is it its just later let like many maybe more most my neither never nevertheless
    next no nobody none nor not nothing now of oh ok okay on once one only or otherwise our overall
    perhaps please several she should since so some someone sometimes soon still such than that
    the their then there therefore these they this those though thus to today too under unless
    until very was we well were what when whenever where whether which while whoever why with
    within without would yes yet you your
    """.split()
)

_JOINED, _BY_NUMBER, _BY_NEXT, _BY_CAPITAL = range(4)
_KINDS = {
    word: kind
    for kind, listed in (
        (_BY_NEXT, _DECIDED_BY_NEXT),
        (_BY_CAPITAL, _ENDS_BEFORE_CAPITAL),
        (_BY_NUMBER, _JOINED_TO_NUMBERS),
        (_JOINED, _ALWAYS_JOINED),
    )
    for word in listed.split()
}
_IN_LOWER_CASE = frozenset(map(str.lower, _KINDS))
# Letters with full stops between them: U.S, a.m, N.Y.C.
_DOTTED = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]")
# "J", but neither "Vitamin-C", "R&B", "2D" nor the pronoun; "[" and "(" may stand before it.
_INITIAL = re.compile(r"[\"'(\[]*[A-HJ-Z]")
_LETTERS_AND_STOPS = re.compile(r"[^\W\d_]+(?:\.[^\W\d_]+)*$")
_LONGEST = 20
# What follows: closing marks, white space, opening marks, a word and the character behind it.
_LONGEST_NEXT = 60
_NUMERAL = re.compile(r"\d\w*|[IVX]{2,}")
_NEXT = re.compile(r"""["')\]}*’”»]*(\s*)["'(\[{*#$“‘«-]*([^\W_]*(?:'[a-z]+)?)(/?\S?)""")

_ENDINGS = (
    "com|net|org|edu|gov|info|biz|html?|php|aspx?|pdf|jpe?g|png|gif|txt|docx|xlsx?|csv|mp[34]|avi"
    "|wmv|mov|zip|exe|js|json"
)
_ADDRESS = re.compile(
    rf"""
    (?:https?://|ftp://|www\.)\S*\w                                  # to its last letter or digit
    | (?<![\w.+-])[\w.+-]++@[\w-]++(?:\.[\w-]++)*+                   # e-mail
    | (?<![\w.-])(?:[\w-]++\.)+(?:{_ENDINGS})(?!\w)(?:/\S*\w)?       # domains, file names
    """,
    re.VERBOSE | re.IGNORECASE,
)


class Addresses:
    """Web and e-mail addresses, domains and file names in a line, looked for where asked."""

    def __init__(self, line: str) -> None:
        self._line = line
        self._start, self._end = 0, -1  # between blanks, what was last looked through
        self._spans: list[tuple[int, int]] = []

    def hold(self, offset: int) -> bool:
        """Whether an offset lies inside one, neither at its start nor at its end."""
        if not self._start <= offset <= self._end:
            self._start = self._line.rfind(" ", 0, offset) + 1
            end = self._line.find(" ", offset)
            self._end = len(self._line) if end < 0 else end
            found = _ADDRESS.finditer(self._line, self._start, self._end)
            self._spans = [match.span() for match in found]
        place = bisect_left(self._spans, (offset, 0)) - 1
        return place >= 0 and offset < self._spans[place][1]


def may_be_abbreviation(lowered: str) -> bool:
    """Whether a word of letters, in lower case, is on one of the lists."""
    return lowered in _IN_LOWER_CASE


def stop_ends(
    before: str, line: str, end: int, starts_sentence: Callable[[str], bool]
) -> bool | None:
    """Whether a full stop ends a sentence.

    Args:
        before: what stands before it, since the last white space.
        line: the line it stands in.
        end: the offset after it.
        starts_sentence: whether a word with a capital has that capital from the start of a
            sentence, by what was learned of texts.

    Returns:
        None where the word before is no abbreviation: others decide.
    """
    kind = _kind(before)
    if kind is None:
        return None
    space, word, behind = _NEXT.findall(line[end : end + _LONGEST_NEXT])[0]
    if kind == _BY_NUMBER:
        # "No. 7" and "Vol. II", but "No. 7/10" is an answer and a grade.
        numbered = _NUMERAL.fullmatch(word) and not behind.startswith("/")
        return False if numbered else None
    if kind == _JOINED or not word[:1].isupper():
        return False
    if len(word) == 1 and behind.startswith("."):  # the next initial
        return False
    if kind == _BY_CAPITAL or word.partition("'")[0].lower() in _STARTERS:
        return True
    return bool(space) and starts_sentence(word)


def _kind(before: str) -> int | None:
    """Which kind of abbreviation a stretch of text ends with; None: none."""
    if len(before) > 1 and before.isalpha():  # most words, the quick way
        return _KINDS.get(before, _KINDS.get(before.lower()))
    if _INITIAL.fullmatch(before):
        return _BY_NEXT
    match = _LETTERS_AND_STOPS.search(before, max(0, len(before) - _LONGEST))
    if match is None:
        return None
    word = match.group()
    for written in (word, word.rpartition(".")[2]):
        kind = _KINDS.get(written, _KINDS.get(written.lower()))
        if kind is not None:
            return kind
    return _BY_NEXT if _DOTTED.fullmatch(word) else None
