"""Small tables in the shapes of four well-known public ones, all words our own.

Each has what is awkward about its model: folders of posts with headers, class shares far apart, a
table without a header, another encoding, rows that repeat or lack something.
"""

import csv
from pathlib import Path

import numpy as np

_TOPICS = {
    "comp.graphics": "shader polygon texture renderer pixel mesh",
    "comp.os.windows": "driver registry taskbar installer desktop reboot",
    "comp.sys.hardware": "motherboard jumper scsi controller floppy fan",
    "comp.sys.portables": "laptop battery trackpad hinge charger lid",
    "comp.windows.x": "widget xterm server display callback toolkit",
    "misc.forsale": "shipping asking offer condition price pickup",
    "rec.autos": "engine clutch mileage brakes sedan dealer",
    "rec.motorcycles": "helmet throttle chain rider handlebar kickstand",
    "rec.sport.baseball": "pitcher inning batter bullpen shortstop homer",
    "rec.sport.hockey": "puck goalie rink powerplay defenceman slapshot",
    "sci.crypt": "cipher key encryption keystream plaintext escrow",
    "sci.electronics": "resistor capacitor solder voltage amplifier circuit",
    "sci.med": "dose patient symptom infection migraine doctor",
    "sci.space": "orbit shuttle payload launch telescope lunar",
    "soc.religion": "scripture prayer parish faith sermon psalm",
    "talk.gardens": "compost seedling pruning mulch tomato slug",
    "talk.politics.cities": "zoning mayor ordinance council tram budget",
    "talk.politics.guns": "rifle permit firearm handgun amendment holster",
    "talk.food": "recipe dough simmer oven garlic broth",
    "talk.travel": "visa hostel itinerary luggage ferry customs",
}
_POSTS = (
    "Has anyone here tried a {0} together with a {1}? Mine gives me nothing but trouble.",
    "In article <{n}@site.example> somebody writes: > the {0} is the problem\nNo, it is the {1}.",
    "I am looking for advice on the {0}. The {2} seems fine, but I am not sure about the {1}.",
    "Thanks to all who answered. In the end it was the {2}, not the {0}.",
    "Could somebody explain, in plain words, what the {1} has to do with the {0}?",
)
_TWEETS = {
    "negative": (
        ("@flyair", "@flyair seriously,", "Hey @flyair", "ugh @flyair"),
        (
            "3 hours late and nobody tells us anything 😡", "you lost my bag AGAIN 🤬",
            "worst call centre ever, 50 min on hold 👎🏽", "cancelled flight, no hotel, no apology",
            "my seat was broken and the crew did not care 🙄", "still waiting for my refund!!!",
            "why is your app always down #fail", "never flying with you again",
        ),
    ),
    "neutral": (
        ("@flyair", "question @flyair:", "@flyair hi,", "RT @flyair"),
        (
            "do you fly to Oslo in winter?", "which terminal is flight 218?",
            "can i bring a ski bag as luggage?", "is check-in open at 5 tomorrow",
            "new schedule starts on Monday https://t.example/a1", "how many miles to gold status?",
            "flying from Graz next week", "where do I add my frequent flyer number",
        ),
    ),
    "positive": (
        ("@flyair", "thank you @flyair", "wow @flyair", "shoutout to @flyair"),
        (
            "for the free upgrade 😍🎉", "the crew was so kind to my son ❤️",
            "landed early, bags first, love it 🙌🏾", "best breakfast on a plane ever 😋",
            "you found my teddy, you are heroes 💙", "smooth flight and great service #win",
            "the pilot made us all laugh 😂 great trip", "quick answer, problem solved 👍",
        ),
    ),
}  # fmt: skip
_SMS = {
    "ham": (
        "Ok lar, see u at the bus stop then", "Did you feed the cat? Am running late",
        "Sorry, I'll call later", "mum says bring the big pot", "lol no he didnt. tell u tmr",
        "Are you coming home for dinner or not", "I left my keys on your desk again :(",
        "Happy bday!! Have a lovely day x", "Can we do 7 instead of 6.30",
        "Reached. Train was packed", "He said he would pay me on friday", "k. wat time",
        "The doctor says its only a cold", "Thanks for yesterday, had a great time",
    ),
    "spam": (
        "WINNER!! You have won a 900 prize. Call 0906100 now to claim, code KL341",
        "FREE entry in our weekly draw! Txt WIN to 80086. T&Cs apply, 18+",
        "URGENT! Your mobile number was awarded a bonus. Call 0871234 from a landline",
        "Get a new phone for free on a 12 month plan. Reply YES or STOP",
        "Hot ringtones! Txt TONE to 82277, only 150p per msg",
        "Congrats, 2 tickets are yours. Claim today: www.prize.example. Cost 10p/min",
    ),
}  # fmt: skip
_HOTEL = {
    "1": ("Das Zimmer war schmutzig und roch nach Rauch.", "Nie wieder, eine Frechheit!",
          "Schimmel im Bad, kaltes Wasser, keine Entschuldigung.", "Das Personal war unverschämt."),
    "2": ("Leider sehr laut, wir haben kaum geschlafen.", "Das Frühstück war dürftig.",
          "Für diesen Preis enttäuschend.", "Die Matratze ist durchgelegen."),
    "3": ("Ganz in Ordnung für eine Nacht.", "Lage gut, Zimmer etwas altmodisch.",
          "Mal so, mal so: freundlich, aber langsam.", "Durchschnitt, nichts Besonderes."),
    "4": ("Gutes Haus mit kleinen Schwächen.", "Schönes Zimmer, nur das WLAN war schwach.",
          "Wir kommen gerne wieder.", "Leckeres Frühstück, bequemes Bett."),
    "5": ("Einfach großartig, ein Traum!", "Herzlicher Empfang, blitzsaubere Zimmer.",
          "Das beste Hotel seit Jahren.", "Wunderschöner Blick über die Dächer von Füssen."),
}  # fmt: skip


def news_folder(path: Path, each: int = 16) -> Path:
    """A folder per topic, a file per post, as 20 Newsgroups comes."""
    rng = np.random.default_rng(1)
    for topic, known in _TOPICS.items():
        (path / topic).mkdir(parents=True)
        for number in range(each):
            words = rng.permutation(known.split())
            posts = rng.permutation(_POSTS)[:2]
            body = "\n".join(post.format(*words, n=rng.integers(1_000, 9_999)) for post in posts)
            head = f"From: user{rng.integers(99)}@site.example\nSubject: Re: {words[3]}\n\n"
            (path / topic / f"{50_000 + number}.txt").write_text(head + body, "utf-8")
    return path


def tweets(path: Path, count: int = 300) -> Path:
    """Many columns, @names, links and emoji; two of three tweets complain."""
    rng = np.random.default_rng(2)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["tweet_id", "airline_sentiment", "name", "retweet_count", "text"])
        for number in range(count):
            kind = str(rng.choice(["negative", "neutral", "positive"], p=[0.6, 0.22, 0.18]))
            opening, said = (rng.choice(part) for part in _TWEETS[kind])
            row = [570_000 + number, kind, f"user{number}", 0, f"{opening} {said} ({number})"]
            writer.writerow(row)
        writer.writerow([999, "neutral", "nobody", 0, "🤷‍♀️"])
        writer.writerow([1_000, "", "nobody", 0, "no label here"])
    return path


def sms(path: Path, count: int = 300) -> Path:
    """Tab-separated, no header, the label first; one message in seven is spam, and some repeat."""
    rng = np.random.default_rng(3)
    lines = []
    for number in range(count):
        kind = "spam" if rng.random() < 1 / 7 else "ham"
        end = "" if number % 10 == 0 else f" {rng.choice(['x', 'ok?', 'ref', '..'])}{number}"
        lines.append(f"{kind}\t{rng.choice(_SMS[kind])}{end}\n")
    path.write_text("".join(lines), encoding="utf-8")
    return path


def german_hotels(path: Path, count: int = 300) -> Path:
    """Semicolons, Windows-1252, a decimal comma, five stars."""
    rng = np.random.default_rng(4)
    rows = ["Datum;Ort;Note;Sterne;Bewertung"]
    for number in range(count):
        stars = str(rng.integers(1, 6))
        said = " ".join(rng.permutation(_HOTEL[stars])[: rng.integers(1, 3)])
        rows.append(f'{number % 28 + 1}.05.2024;Füssen;{stars},5;{stars};"{said} Zimmer {number}."')
    path.write_text("\r\n".join(rows) + "\r\n", encoding="cp1252", newline="")
    return path
