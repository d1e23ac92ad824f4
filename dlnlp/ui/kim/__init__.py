"""What only the page of Kim's CNN draws."""
