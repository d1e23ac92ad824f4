"""The largest picture of each kind that is read costs the process less than 60 MB."""

import json
import subprocess
import sys

import pytest

MOST = 60.0  # MB

# Runs in a process of its own: writes a picture to a file, reads it, and measures what that took.
_PROGRAM = """
import io, json, math, os, sys, tempfile
from PIL import Image
from dlnlp.images import reading

def memory(name):
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith(name)) / 1000

def apart(work):
    if os.fork() == 0:
        work()
        os._exit(0)
    return os.wait()[1]

def encoded(mode, options, width, height):
    stream = io.BytesIO()
    colour = 90 if mode in ("1", "L", "P", "I;16", "I", "F") else (90,) * len(mode)
    Image.new(mode, (width, height), colour).save(stream, kind, **options)
    return stream.getvalue()

def largest(mode, options, high):
    with Image.open(io.BytesIO(encoded(mode, options, 64, 64))) as image:
        most = min(reading.MAX_PIXELS, int(reading.MAX_DECODED / reading._bytes_each(image)))
    height = reading.MAX_SIDE if high else math.isqrt(most)
    width = most // height
    data = encoded(mode, options, width, height)
    if len(data) > reading.MAX_BYTES:
        data = encoded(mode, options, width * reading.MAX_BYTES // len(data) - 8, height)
    with open(path, "wb") as file:
        file.write(data)

def measure(mode, options, high):
    with open(path, "rb") as file:
        data = file.read()
    with open("/proc/self/clear_refs", "w") as file:
        file.write("5")  # the peak starts anew
    before = memory("VmRSS")
    with Image.open(io.BytesIO(data)) as image:
        size = image.size
    reading.read_image(data)
    print(json.dumps([mode, size, memory("VmHWM") - before]), flush=True)

kind = sys.argv[1]
path = tempfile.mktemp()
Image.init()
for mode, options in json.loads(sys.argv[2]):
    if options.pop("one_strip", False):
        options["tiffinfo"] = {278: reading.MAX_SIDE}
    reading.read_image(encoded(mode, options, 64, 64))  # what a first picture loads is no cost
    for high in (False, True):
        for work in (largest, measure):
            if apart(lambda: work(mode, options, high)):
                sys.exit(1)
os.remove(path)
"""

_KINDS = {
    "PNG": [("L", {}), ("RGB", {}), ("RGBA", {}), ("LA", {}), ("I;16", {}), ("P", {}), ("1", {})],
    "JPEG": [
        ("L", {}),
        ("RGB", {}),
        ("CMYK", {}),
        ("L", {"progressive": True}),
        ("RGB", {"progressive": True}),
        ("RGB", {"progressive": True, "subsampling": 0}),
    ],
    "WEBP": [("RGB", {"method": 0}), ("RGBA", {"method": 0}), ("RGB", {"lossless": True})],
    "GIF": [("P", {}), ("P", {"transparency": 0})],
    "BMP": [("L", {}), ("RGB", {}), ("RGBA", {}), ("1", {})],
    "TIFF": [
        (mode, {"compression": "tiff_lzw", "one_strip": True})
        for mode in ("L", "RGB", "RGBA", "I;16", "F", "I", "CMYK")
    ]
    + [("RGBA", {}), ("F", {})],
}


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize("kind", list(_KINDS))
def test_the_largest_picture_of_a_kind_costs_less_than_60_mb(kind: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM, kind, json.dumps(_KINDS[kind])],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(found) == 2 * len(_KINDS[kind])
    assert max(cost for *_, cost in found) < MOST, found
