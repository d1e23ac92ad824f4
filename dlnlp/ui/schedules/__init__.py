"""The page of schedules: controls, curves, code, race, range test, real run."""
