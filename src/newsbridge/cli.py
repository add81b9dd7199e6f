"""click commands: read the options, call one function, print what it returns."""


def main() -> None:
    """Run newsbridge."""
