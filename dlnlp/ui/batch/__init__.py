"""The page that labels a table."""
