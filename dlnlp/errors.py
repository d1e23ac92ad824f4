"""The errors whose message is written for users."""


class UserError(Exception):
    """Something that the user can mend; the message names the file, the value and the remedy."""
