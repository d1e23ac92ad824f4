"""The page of Kim's CNN."""
