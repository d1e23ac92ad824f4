"""Commands that prepare data and train what the app ships: ``python -m train.NAME``."""
