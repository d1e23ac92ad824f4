"""The page of learning-rate schedules."""
