"""What many test files share: checkpoints of every family, built once.

No test may read or write the memory of whoever runs it.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

os.environ["NEWSBRIDGE_MEMORY"] = "none"
if (
    signal.getsignal(signal.SIGINT) is signal.SIG_IGN
):  # a shell's background job: what the tests start would ignore it too
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Return a function that gives the folder of a family's checkpoint, as a hub repository holds it."""
    import checkpoints

    folder = tmp_path_factory.mktemp("checkpoints")
    makers = {**checkpoints.TRANSLATION, **checkpoints.SUMMARY}

    def make(name: str) -> Path:
        if not (folder / name / "model.safetensors").is_file():
            makers[name](folder / name)
        return folder / name

    return make
