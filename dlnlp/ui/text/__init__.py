"""What the pages of both text networks share."""
