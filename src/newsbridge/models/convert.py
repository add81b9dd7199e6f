"""Make the CTranslate2 form of a Marian folder, and the manifest that says what lies in it.

``python -m newsbridge.models.convert FOLDER`` made the data that ships; it needs ``newsbridge[torch]``.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path

from newsbridge.store import MANIFEST, WEIGHTS

DESCRIPTION = "small Marian model, 10 million parameters; the gist of a news article, not publishable copy"


def convert(folder: Path) -> None:
    """Write ``ct2-int8/`` into a Marian folder: the weights in eight bits, as CTranslate2 reads them."""
    from ctranslate2.converters import TransformersConverter

    TransformersConverter(str(folder)).convert(str(folder / WEIGHTS), quantization="int8", force=True)


def manifest(folder: Path) -> dict[str, object]:
    """Describe a folder: every file with its size in bytes and SHA-256, and the revision made of them."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != MANIFEST)
    listed = {
        path.relative_to(folder).as_posix(): {
            "size": path.stat().st_size,
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        }
        for path in files
    }
    weights = listed[f"{WEIGHTS}/model.bin"]["sha256"]
    return {
        "name": "embedded",
        "title": "newsbridge de-en",
        "version": "1",
        "revision": weights,
        "license": "CC-BY-4.0",
        "languages": ["de", "en"],
        "description": DESCRIPTION,
        "files": listed,
    }


def main() -> None:
    """Convert the folder named on the command line and write its manifest."""
    folder = Path(sys.argv[1])
    convert(folder)
    text = json.dumps(manifest(folder), indent=1, ensure_ascii=False)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
