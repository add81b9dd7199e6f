"""``python -m newsbridge``: the same as ``newsbridge``, where the script is not on the path."""

from newsbridge.cli import main

if __name__ == "__main__":
    main()
