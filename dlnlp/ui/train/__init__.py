"""The page that trains a network on a visitor's table."""
