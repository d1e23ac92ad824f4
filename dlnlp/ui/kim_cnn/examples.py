"""Film reviews of our own writing: traps for a network that reads a few words at a time."""

from dlnlp.ui.text.examples import FILMS, Example

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
