"""The page of digits: canvas, answer, steps, layers, record."""
