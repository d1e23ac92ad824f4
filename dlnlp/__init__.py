"""Explore and train three classic networks: HAN, Kim's CNN, a CNN on digits."""
