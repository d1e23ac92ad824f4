"""Texts of our own writing that the pages offer, and that training watches."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Example:
    """A text to try, and the words on its button."""

    label: str
    text: str


STARS: tuple[Example, ...] = (
    Example(
        "1 ★",
        "I have owned cheap headphones before, but never ones that died before the parcel tape "
        "was in the bin. The left side crackled for ten minutes and then went silent. Support "
        "asked me to restart the headphones. They have no switch! I asked for a refund and "
        "received a voucher for the same broken model instead. The box, I admit, is very pretty. "
        "Do not waste your money on this garbage; a paper cup and a string would give you better "
        "sound.",
    ),
    Example(
        "2 ★",
        "I really wanted to love this little coffee machine. It looks lovely on the counter and "
        "the first cup was decent. Then the problems started. The water tank leaks whenever you "
        "fill it past the middle, the milk frother spits more than it froths, and cleaning takes "
        "longer than drinking. After two weeks the coffee comes out lukewarm. The seller was "
        "polite but offered no help. It is not a total disaster, just a disappointing machine "
        "that I would not buy again.",
    ),
    Example(
        "3 ★",
        "The hotel is a tale of two halves. Our room was spotless, the bed was wonderful and the "
        "woman at the reception found us a table when the whole town was booked. On the other "
        "hand, the walls are paper thin, the lift was out of order for three days and breakfast "
        "was stale bread with sad little cubes of cheese. The view over the harbour is great. The "
        "price is not. It was okay for a weekend, nothing more, and nothing less.",
    ),
    Example(
        "4 ★",
        "Great little tent, with one silly flaw. It went up in six minutes on our first try, "
        "stayed bone dry through a night of sideways rain, and packs down smaller than my "
        "sleeping bag. The poles feel solid and the colour is gorgeous. But why are the pegs made "
        "of butter? Half of them bent in ordinary grass. I bought a better set for a few coins "
        "and have been happy ever since. Not perfect, but very good value and I would recommend "
        "it to any family.",
    ),
    Example(
        "5 ★",
        "Oh, what a book! I opened it at ten in the evening, meaning to read one chapter, and "
        "closed it at dawn with tears on my face. The grandmother alone is worth the price: "
        "funny, wicked and wise, often in the same sentence. Not a single page drags. My daughter "
        "stole it from me and finished it in two days; now my mother is waiting for her turn. I "
        "have bought three more copies as presents. Absolutely wonderful, the best thing I have "
        "read in years.",
    ),
)
FILMS: tuple[Example, ...] = (
    Example(
        "Hated it",
        "Two hours of my life, gone. The plot is a pile of coincidences, the hero has one facial "
        "expression, and the dialogue sounds as if it had been written during lunch. There is a "
        "single good joke and it is in the trailer. My neighbour fell asleep; I envied her. When "
        "the villain finally explained his plan, people in the back row laughed out loud, and it "
        "was not meant to be funny. Dull, noisy and painfully bad. Avoid.",
    ),
    Example(
        "Torn",
        "Halfway through I was ready to walk out. The first hour is slow, the camera wobbles and "
        "nobody seems to finish a sentence. Then the old lighthouse keeper starts to sing, and "
        "the film wakes up. What follows is tender, strange and beautiful, carried by a young "
        "actress whom I had never seen before. The ending is a mess. I still cannot decide "
        "whether this is a bad film with a great heart or a great film with a bad first hour.",
    ),
    Example(
        "Loved it",
        "I expected a modest comedy about a village choir and got one of the warmest films of the "
        "year. The script is sharp, every small part is played with love, and the last concert "
        "had the whole audience humming. Yes, the story is simple. It does not matter! The "
        "director trusts silence, faces and music, and never once begs for tears; they come by "
        "themselves. A superb, funny, deeply human picture. I went again the next evening.",
    ),
)
# Traps for a network that reads a few words at a time.
TRAPS: tuple[Example, ...] = (
    Example(
        "Two minds",
        "The first hour is a disaster. The dialogue is painful, the hero is a bore, and somebody "
        "should have stopped the man with the violin. But then the storm hits the island, and I "
        "forgot to breathe. The photography is stunning, the old fisherman breaks your heart, and "
        "the last shot is one of the best I have seen in years. So what am I supposed to say? A "
        "terrible start, a wonderful end. I was bored, then I cried. Go late, and stay for the "
        "storm.",
    ),
    Example(
        "Not bad",
        "I had been warned, so I went in expecting nothing. And you know what? Not bad. Not bad "
        "at all! The jokes are never cheap, nobody in the cast is wooden, and there is not a dull "
        "minute in the whole second half. I could not find a single thing wrong with the music. "
        "It will not change your life, and it does not try to. You would be a fool to miss it "
        "because of a poster this ugly. I cannot complain, and I usually do.",
    ),
    Example(
        "Negation",
        "This film is not funny. It is not clever, it is not touching, and it is certainly not "
        "the masterpiece that the poster promises. The great cast has nothing great to do. I "
        "wanted to love it; I never even liked it. No scene is beautiful, no line is worth "
        "remembering, and the famous ending is anything but brilliant. Nobody should call this "
        "an excellent thriller, least of all the people who made it. I would not recommend it to "
        "my best friend, nor to my worst enemy.",
    ),
    Example(
        "Irony",
        "Oh, wonderful. Another brilliant idea from the studio that gave us the talking lawnmower. "
        "What a treat to watch a superb actor read a shopping list for ninety minutes. The special "
        "effects are truly amazing: I have never seen so much money look like cardboard. My "
        "favorite part was the fire alarm, which got us all out before the sequel was announced. "
        "If you enjoy staring at paint, here is the perfect evening. Bravo, everyone. Truly the "
        "finest nap I have had this year.",
    ),
    Example(
        "Good about bad",
        "The murderer is disgusting, the town is ugly, and the crimes are so cruel that I had to "
        "look away. A boy dies, a mother goes mad, and the rain never stops. Everything that can "
        "go wrong goes horribly wrong, and the worst of it happens in an awful, dirty little "
        "kitchen. I sat there until the lights came on. It has been a week and I still think "
        "about that face in the window. Nobody in the row said a word. See it.",
    ),
)
KIM_EXAMPLES: tuple[Example, ...] = (*TRAPS, FILMS[2], FILMS[0])
# What a shipped network is asked again and again while it is trained.
WATCHED: Mapping[str, tuple[Example, ...]] = {
    "han_stars": (STARS[0], STARS[2], STARS[3]),
    "han_imdb": FILMS,
    "kim_cnn": (TRAPS[0], TRAPS[2], FILMS[2]),
}
