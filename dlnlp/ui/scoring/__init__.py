"""The page that scores a table."""
