"""Figures for papers and slides: one description of what is drawn, and one writer per format."""
