"""Options, environment and the config file, in that order.

click reads the options and ``NEWSBRIDGE_*``; this module reads the file they fall back on: TOML, one line per option
under its long name (``beam = 6``, ``quote-style = "british"``), in the platform's config folder.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from newsbridge.errors import NewsbridgeError


def default_path() -> Path:
    """Return where the config file lies on this platform; it need not exist."""
    from platformdirs import user_config_path

    return user_config_path("newsbridge", appauthor=False) / "config.toml"


def load(path: Path, known: Collection[str], *, required: bool) -> Mapping[str, Any]:
    """Read a config file.

    Args:
        path: The file.
        known: The long names of the options a file may set.
        required: Whether a missing file is an error (it was named) or means no settings.

    Returns:
        The settings under the options' long names.

    Raises:
        NewsbridgeError: if the file cannot be read, is no TOML, or sets what no option is called.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        if required:
            raise NewsbridgeError(f"there is no config file {path}", "check the path given with --config") from None
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise NewsbridgeError(f"cannot read the config file {path}: {error}", "it must be TOML in UTF-8") from None
    try:
        settings = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise NewsbridgeError(f"{path} is not TOML: {error}", 'write lines such as quote-style = "british"') from None
    strange = sorted(set(settings) - set(known))
    if strange:
        raise NewsbridgeError(
            f"{path} sets {', '.join(strange)}, which no option is called", f"it may set {', '.join(sorted(known))}"
        )
    return settings
