"""How many words of English reviews, and of reviews in other languages, a network does not know.

    DLNLP_DATA=... python -m benchmarks.unknown_words [--model han_stars] [--documents 20000]

The table from which the limits of the warning were chosen (`dlnlp.explain.known_words`): for each
threshold, the share of sentences in other languages that would be warned of, and the share of
English test reviews and of their first sentences. Two criteria: words that the vocabulary lacks,
and words that are not among its most frequent ones, for many foreign words are in an English
vocabulary ("die", "war", "les") and few of them are frequent. At the same share of false warnings
the first, simpler one finds more.
"""

import argparse
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from dlnlp import datasets
from dlnlp.text import Preprocessor
from dlnlp.text.vocabulary import UNKNOWN, Vocabulary

WEIGHTS = Path(__file__).resolve().parents[1] / "weights"
FREQUENT = (500, 2000)
LEAST_WORDS = (2, 4, 6, 10)
OTHERS = {
    "German": (
        "Das Essen war kalt und der Kellner unfreundlich. Nie wieder!",
        "Die Batterie ist nach einer Woche kaputt, so ein Mist.",
        "Ein toller Film, in dem die Hauptdarsteller brillieren und der Krieg real wird.",
        "Ich bin sehr zufrieden mit dem Hotel, alles war sauber.",
        "Man will nach dem Kauf am besten gar nicht mehr an das Ding denken.",
    ),
    "French": (
        "La nourriture était froide et le serveur désagréable. Plus jamais !",
        "Un film magnifique, les acteurs sont excellents du début à la fin.",
        "Très bon produit, je le recommande sans hésiter.",
        "On part de la chambre avec une impression de restaurant de grand luxe.",
    ),
    "Spanish": (
        "La comida estaba fría y el camarero fue muy antipático. ¡Nunca más!",
        "Una película preciosa con actores geniales.",
        "No me gusta, no funciona y el color no es el de la foto.",
        "El hotel es perfecto para familias, cerca de la playa.",
    ),
    "Italian": (
        "Il cibo era freddo e il cameriere scortese. Mai più!",
        "Un film bellissimo, con una colonna sonora da Oscar.",
        "Ottimo prodotto, arrivato in due giorni, lo consiglio.",
        "Non è male, ma a me la trama non piace.",
    ),
    "Portuguese": (
        "A comida estava fria e o garçom foi grosseiro. Nunca mais!",
        "Um filme lindo, com ótimos atores do começo ao fim.",
        "O produto chegou com defeito e a loja não responde.",
    ),
    "Dutch": (
        "Het eten was koud en de ober was onvriendelijk. Nooit meer!",
        "Een prachtige film met goede acteurs en een sterk einde.",
        "We waren in het hotel en de kamer was erg klein.",
        "Wat is dit slecht, het is de prijs niet waard.",
    ),
    "Swedish": (
        "Maten var kall och servitören otrevlig. Aldrig mer!",
        "En underbar film med bra skådespelare.",
        "Den här boken var så bra att jag vill läsa den igen.",
    ),
    "Danish": (
        "Maden var kold og tjeneren var uvenlig. Aldrig igen!",
        "Det er en god bog, men den er for lang.",
    ),
    "Norwegian": (
        "Hotellet var fint, men maten var dårlig og alt for dyr.",
        "Filmen er morsom, men litt for lang for barn.",
    ),
    "Finnish": (
        "Ruoka oli kylmää ja tarjoilija töykeä. Ei koskaan enää!",
        "Hieno elokuva, jossa on erinomaiset näyttelijät.",
    ),
    "Polish": (
        "Jedzenie było zimne, a kelner niemiły. Nigdy więcej!",
        "Piękny film ze świetnymi aktorami, polecam każdemu.",
        "To jest dobry hotel, ale do centrum jest daleko.",
    ),
    "Czech": (
        "Jídlo bylo studené a číšník nepříjemný. Už nikdy!",
        "Je to dobrý film, ale na konci to je nuda.",
    ),
    "Romanian": (
        "Mâncarea a fost rece și chelnerul nepoliticos. Niciodată!",
        "Un film minunat, actorii sunt excelenți.",
    ),
    "Hungarian": (
        "Az étel hideg volt és a pincér udvariatlan. Soha többé!",
        "Nagyon jó film, mindenkinek ajánlom, aki szereti a vígjátékokat.",
    ),
    "Turkish": (
        "Yemek soğuktu ve garson kabaydı. Bir daha asla!",
        "Harika bir film, oyuncular çok iyi.",
    ),
    "Indonesian": (
        "Makanan dingin dan pelayan tidak ramah. Tidak akan kembali lagi!",
        "Film ini sangat bagus dan para pemainnya hebat.",
    ),
    "Tagalog": (
        "Malamig ang pagkain at masungit ang waiter. Hindi na ako babalik!",
        "Ang ganda ng pelikula, sulit na sulit ang bayad ko.",
    ),
    "Vietnamese": (
        "Đồ ăn nguội và người phục vụ thô lỗ. Không bao giờ nữa!",
        "Phim rất hay, diễn viên đóng rất tốt.",
    ),
    "Swahili": (
        "Chakula kilikuwa baridi na mhudumu hakuwa mkarimu. Sitarudi tena!",
        "Filamu hii ni nzuri sana, waigizaji wote ni hodari.",
    ),
    "Latin": (
        "Gallia est omnis divisa in partes tres, quarum unam incolunt Belgae.",
        "Cibus frigidus erat et minister inhumanus, numquam iterum veniam.",
    ),
    "Russian": (
        "Еда была холодной, а официант грубым. Никогда больше!",
        "Прекрасный фильм, советую всем посмотреть.",
    ),
    "Greek": ("Το φαγητό ήταν κρύο και ο σερβιτόρος αγενής. Ποτέ ξανά!",),
    "Arabic": ("كان الطعام باردا وكان النادل وقحا. لن أعود أبدا!",),
    "Hindi": ("खाना ठंडा था और वेटर बदतमीज़ था। फिर कभी नहीं!",),
    "Chinese": ("饭菜是凉的，服务员态度很差，再也不来了！",),
    "Japanese": ("料理は冷たく、店員の態度も悪かった。もう二度と行きません。",),
    "Korean": ("음식은 차갑고 직원은 불친절했어요. 다시는 안 갑니다!",),
}  # fmt: skip


class Shares:
    """Counts words of texts by one shipped network."""

    def __init__(self, model: str) -> None:
        self.preprocessor = Preprocessor.load(WEIGHTS / model / "preprocessor.json")
        self.vocabulary = Vocabulary.load(WEIGHTS / model / "vocabulary.txt")

    def of(self, text: str) -> list[float]:
        """How many words a text has; the share of unknown ones, and of those not frequent."""
        found = [t for s in self.preprocessor.token_lists(text) for t in s]
        tokens = [t for t in found if any(c.isalpha() for c in t) and t != "<url>"]
        ids = self.vocabulary.encode(tokens)
        if not len(ids):
            return [0.0] * (2 + len(FREQUENT))
        rare = [float(np.mean((ids >= limit) | (ids == UNKNOWN))) for limit in FREQUENT]
        return [float(len(ids)), float(np.mean(ids == UNKNOWN)), *rare]


def main(arguments: Sequence[str] | None = None) -> None:
    """Prints the tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.unknown_words", description=__doc__)
    parser.add_argument("--model", default="han_stars")
    parser.add_argument("--documents", type=int, default=20_000)
    options = parser.parse_args(arguments)
    shares = Shares(options.model)
    name = "reviews5" if options.model == "han_stars" else "imdb"
    reviews = datasets.iterate(name, "test")
    texts = [review.text for review in islice(reviews, options.documents)]
    reviews.close()
    english = np.array([shares.of(text) for text in texts])
    # Single sentences as well, since a visitor may write just one.
    sentences = [text[s.start : s.end] for text in texts for s in shares.preprocessor(text, 4)]
    short = np.array([shares.of(sentence) for sentence in sentences[: options.documents]])
    others = np.array([shares.of(text) for found in OTHERS.values() for text in found])
    for place, title in enumerate(("unknown", *(f"not among {n:,}" for n in FREQUENT)), start=1):
        print(f"\n{options.model}: share of words that are {title}, at least")
        print(f"{'':>9}{'other':>9}" + "".join(f"{f'{n} words':>18}" for n in LEAST_WORDS))
        print(f"{'':>9}{'languages':>9}" + f"{'reviews  sentences':>20}" * len(LEAST_WORDS))
        for threshold in (percent / 100 for percent in range(10, 85, 5)):
            cells = [f"{100 * np.mean(others[:, place] >= threshold):>8.1f} %"]
            cells += [
                f"{rate(english, place, threshold, least):>9.2f}%"
                f"{rate(short, place, threshold, least):>9.2f}%"
                for least in LEAST_WORDS
            ]
            print(f"{threshold:>9.2f}" + " ".join(cells))


def rate(found: NDArray[np.float64], place: int, threshold: float, least: int) -> float:
    """Percent of the texts of at least so many words that would be warned of."""
    enough = found[found[:, 0] >= least]
    return 100 * float(np.mean(enough[:, place] >= threshold))


if __name__ == "__main__":
    main()
