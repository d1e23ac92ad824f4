"""Lessons: a question, a guess, and what there is to see, step by step on a page."""
