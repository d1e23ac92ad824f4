"""Figures for papers and slides: one description of what is drawn, and one writer per format."""

ENDINGS = ("svg", "pdf", "tex", "png")
"""What the names of their files end in."""
NARROWEST, USUAL_WIDTH, WIDEST = 200, 1_600, 4_000
"""Widths of pictures, in pixels."""
