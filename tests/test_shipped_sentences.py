"""Where sentences end, by the parameters that ship, joined with what is known of English.

The shipped networks keep the rules that they were trained with; a corpus that is prepared now gets
these.
"""

from dataclasses import replace
from pathlib import Path

import pytest

from dlnlp.text import Preprocessor
from dlnlp.text.rules import ENGLISH, LEARNED

WEIGHTS = sorted((Path(__file__).resolve().parents[1] / "weights").glob("*/preprocessor.json"))
SHIPPED = {path.parent.name: Preprocessor.load(path) for path in WEIGHTS}
JOINED = {
    "films": replace(SHIPPED["han_imdb"], rules=ENGLISH),
    "products": replace(SHIPPED["han_stars"], rules=ENGLISH),
}
# " | " is a cut at a space, "¦" one where no space is.
SENTENCES = """
I saw Mr. Smith and Dr. House vs. Mrs. Bean on St. Mary Street.
The film is with Mr. Smith and Mr. Jones. | It was fine.
i met mr. smith and mrs. jones at st. mary street. | it was fine.
MR. SMITH GOES TO WASHINGTON WITH DR. STRANGE. | IT WAS FINE.
Ms. Pac-Man beat Prof. Moriarty. | Then we left.
We saw Dr. No. | Then we saw Dr. Who. | It was late.
Rev. Green and Gen. Patton met Sen. Clay, Rep. Hale and Gov. Dean.
Capt. Kirk told Lt. Uhura and Sgt. Pepper about Col. Mustard.
The sales rep. | He was rude.
It looks next gen. | I like it.
Hon. Judge Fr. Merrin spoke to Pres. Lincoln and Cmdr. Data.
Det. Harris and Insp. Clouseau searched the house. | Nothing was found.
They climbed Mt. Everest and Mt. Fuji. | It was cold.
He lives in Ft. Worth near St. Louis. | She does not.
It is on Main St. | It was closed.
Robert Downey Jr. plays him. | He is good.
Cuba Gooding Jr. and Ed Begley Jr. were there.
I like Robert Downey Jr. | He is good.
Martin Luther King Jr. Day is a holiday.
Sammy Davis Sr. | They came late.
J. R. R. Tolkien wrote it. | I read it.
J.R.R. Tolkien and J. K. Rowling wrote them. | I read them.
Samuel L. Jackson and Michael J. Fox are in it. | They are good.
George W. Bush saw it. | The rest did not.
I gave it a B. | The end was weak.
He is better than I. | The film is long.
We took plan B. | Then we left.
Vitamin C. | It helps.
Bring pens, paper, etc. and come.
Bring pens, paper, etc. | Great fun was had.
Bring pens (paper, etc.) and come. | The box is empty.
They sell books, films, ect. | Nice place.
Alien vs. Predator was better than Freddy vs. Jason.
Batman v. Superman was long. | It was dull.
Some things, e.g. the sound, are bad, i.e. not good. | Sad.
Some things, e.g. Robert and i.e. Mary, are bad.
The U.S.A and e.g.this stay.
Compare cf. Smith et al. for more. | We did.
Smith et al. | They wrote it.
It weighs approx. 5 lbs. and costs $5.99. | Not bad.
It weighs 5 lbs. | It is heavy.
It is 6 ft. long and 10 oz. heavy. | Good.
It cost $5. | Cheap!
No. | That was bad.
He said no. | Then he left.
No. 5 is alive. | See No. 7 and nos. 8 and 9.
Is it any good? | No. | 1/10 from me.
See p. 12, pp. 13-15, fig. 3 and vol. 2 of it. | Then stop.
Kill Bill Vol. II is long. | Kill Bill Vol. 2 too.
I turned up the vol. | Then it broke.
The 2nd ed. of the book is fine. | The first is not.
Apple Inc. and Warner Bros. made it. | They failed.
It is by Acme Ltd. | They make all.
The Ford Motor Co. | It is old.
The Dept. of Health and the Acme Corp. said so.
We came at 5 p.m. and left at 9 a.m. on Monday.
We came at 5 p.m. | The show was over.
We came at 5 p.m. Eastern time.
I love the U.S. | It is big.
I love the U.S. Army and the U.K. Government.
He lives in Washington D.C. and L.A. now.
He lives in Washington, D.C. | They do not.
The F.B.I. found it. | The C.I.A. did not.
He was a Ph.D.: that meant work.
He has a Ph.D. and an M.D. and a B.A. from here.
He has a Ph.D. | She has none.
He has a Ph.D and an Ed.D. | She has none.
P.S. I love you.
A.k.a. The Rock, a.k.a. Dwayne.
On Jan. 5 and Feb. 6, i.e. Tues. and Wed., it rained.
It came out in Dec. | The rest came later.
I saw Mr.Smith and Dr.House. | Then I left.
Visit https://www.IMDb.Com/Title/tt1 today.
Visit https://www.imdb.com/title/tt1. | It is good.
Look at www.Example.Com/A.B?c=D.E! | It is there.
Read IMDb.com, IMDb.Com and Amazon.Com. | They know.
Write to John.Smith@Example.Com. | He answers.
Open readme.TXT or setup.EXE now. | It works.
It was great.¦Would buy!¦Always.
It was great (really).¦Would buy.
Pens, paper etc.¦The box is empty.
Version 2.0 beats 1.5.3. | It is 3.5 times as fast.
It starts at 10.30 p.m. or 22.15. | Be there.
It costs $1,299.00. | I paid 3.50. | That is fair.
I waited... and waited. | Nothing came.
Well… it was fine. | So… what?
I waited... | Then it came.
Really?! | Yes! | No way.
It was great!!! | Go see it!!!
"Stop." | He left. | "Why?" | She asked.
He said "the U.S." and left. | "The U.K." was not said.
(It was bad.) | The end.
He lost $5 at 5. | Then he won.
The plot is thin. | Acting is good. | Music is loud.
so bad. | it broke.
""".strip().splitlines()


def right_cuts(case: str) -> tuple[str, list[str]]:
    """The text, and its sentences."""
    return case.replace(" | ", " ").replace("¦", ""), case.replace(" | ", "¦").split("¦")


def cuts(preprocessor: Preprocessor, text: str) -> list[str]:
    return [text[s.start : s.end] for s in preprocessor(text)]


@pytest.mark.parametrize("learned_from", JOINED)
@pytest.mark.parametrize("case", SENTENCES)
def test_sentences_end_where_they_do(case: str, learned_from: str) -> None:
    text, right = right_cuts(case)
    preprocessor = JOINED[learned_from]
    assert cuts(preprocessor, text) == right
    assert preprocessor.token_lists(text) == [list(s.tokens) for s in preprocessor(text)]


def test_the_table_is_long_and_names_cuts_to_be_made() -> None:
    assert len(set(SENTENCES)) == len(SENTENCES) >= 80
    assert sum("|" in case for case in SENTENCES) > 50


@pytest.mark.parametrize("name", SHIPPED)
def test_what_ships_names_rules_and_keeps_the_cuts_it_was_trained_on(name: str) -> None:
    shipped = SHIPPED[name]
    assert shipped.rules in (LEARNED, ENGLISH)
    if shipped.rules == LEARNED:
        assert cuts(shipped, "I met Mr. Bell.") == ["I met Mr.", "Bell."]
        assert [s.tokens for s in shipped("⭐ ok 👍🏽")] == [("ok", "👍", "🏽")]
    wrong = sum(cuts(shipped, text) != right for text, right in map(right_cuts, SENTENCES))
    assert (wrong == 0) == (shipped.rules == ENGLISH)
