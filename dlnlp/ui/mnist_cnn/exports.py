"""A digit's answer as files to take away: the numbers, and the picture that the network read."""

import io
import json

import numpy as np
import streamlit as st
from PIL import Image

from dlnlp.inference.digits import DigitPredictor
from dlnlp.tables.csv_writing import table_csv
from dlnlp.ui.mnist_cnn.loading import DigitReading
from dlnlp.ui.mnist_cnn.pictures import grey


def reading_json(reading: DigitReading, predictor: DigitPredictor) -> bytes:
    """The answer with the 28 x 28 pixels that it was given for."""
    shares = zip(predictor.class_names, reading.probabilities.tolist(), strict=True)
    content = {
        "model": predictor.name,
        "label": predictor.class_names[reading.guesses[0]],
        "probabilities": {name: round(share, 6) for name, share in shares},
        "is_digit": reading.is_digit,
        "not_a_digit": round(reading.not_a_digit, 6),
        "not_a_digit_threshold": predictor.not_a_digit_threshold,
        "pixels": np.round(reading.image, 4).tolist(),
    }
    return json.dumps(content, indent=1).encode()


def reading_csv(reading: DigitReading, predictor: DigitPredictor) -> bytes:
    """One line a digit."""
    rows = zip(predictor.class_names, reading.probabilities.tolist(), strict=True)
    return table_csv(["digit", "probability"], rows)


def reading_png(reading: DigitReading) -> bytes:
    """What the network read, light ink on black, one pixel a pixel."""
    file = io.BytesIO()
    Image.fromarray(grey(reading.image)).save(file, "PNG")
    return file.getvalue()


def files(reading: DigitReading, predictor: DigitPredictor) -> None:
    """Draw the buttons."""
    for label, kind, make in (
        ("Answer (CSV)", "text/csv", lambda: reading_csv(reading, predictor)),
        ("Answer (JSON)", "application/json", lambda: reading_json(reading, predictor)),
        ("What it read (PNG)", "image/png", lambda: reading_png(reading)),
    ):
        name = f"digit.{kind.partition('/')[2]}"
        st.download_button(label, make, name, kind, on_click="ignore", key=f"save {name}")
