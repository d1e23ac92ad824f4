"""The network for digits: its data, its training, what it withstands, what is no digit."""
