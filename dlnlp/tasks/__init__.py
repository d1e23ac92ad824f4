"""What the worker's process runs; the app names these functions as text, and never imports them."""
