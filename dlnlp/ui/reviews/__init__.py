"""What the pages that read reviews share, and what only the HAN's page draws."""
