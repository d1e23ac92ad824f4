"""Tables as files: read as a stream in many dialects, written as CSV."""
