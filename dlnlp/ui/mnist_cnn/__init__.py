"""The page of the digit network."""
