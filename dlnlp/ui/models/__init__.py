"""The page of model cards, and the card below each network."""
