"""What a command can end with. The command line turns these into one line on stderr and an exit code."""


class UsageError(Exception):
    """Bad usage or input: exit code 2. The message says what was received, what is valid, what to do."""
