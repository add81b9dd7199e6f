"""Where model folders lie, with their manifests; the embedded one ships inside the package."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from newsbridge.errors import EngineError

MANIFEST = "manifest.json"
WEIGHTS = "ct2-int8"  # the folder with the CTranslate2 conversion
REINSTALL = "install newsbridge again: pip install --force-reinstall newsbridge"


@dataclass(frozen=True)
class Model:
    """A model folder, as its manifest describes it; ``size`` is in bytes, ``languages`` are BCP 47 tags."""

    name: str  # as on the command line: --model NAME
    title: str
    version: str
    revision: str  # SHA-256 of the weights
    license: str
    languages: tuple[str, ...]  # source, target
    size: int
    description: str
    path: Path

    def document(self) -> dict[str, Any]:
        """Return what ``models list --json`` prints."""
        return {
            "name": self.name,
            "title": self.title,
            "version": self.version,
            "revision": self.revision,
            "license": self.license,
            "languages": list(self.languages),
            "size": self.size,
            "description": self.description,
            "path": self.path.as_posix(),
        }


def shipped() -> Path:
    """Return the folder in which the package keeps its models."""
    return Path(str(resources.files("newsbridge.models")))


def models(folder: Path | None = None) -> tuple[Model, ...]:
    """Return the models at hand, sorted by name.

    Args:
        folder: Where to look, the package's own by default.

    Raises:
        EngineError: if a manifest is damaged, or one of its files is missing or has another size.
    """
    found = (folder or shipped()).glob(f"*/{MANIFEST}")
    return tuple(sorted((_read(path) for path in found), key=lambda model: model.name))


def find(name: str, folder: Path | None = None) -> Model:
    """Return the model of that name.

    Raises:
        EngineError: if there is none, or it is damaged.
    """
    at_hand = models(folder)
    for model in at_hand:
        if model.name == name:
            return model
    names = ", ".join(model.name for model in at_hand) or "none"
    raise EngineError(f"no model {name!r} is at hand (there is: {names})", REINSTALL)


def _read(path: Path) -> Model:
    try:
        manifest: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        files: Mapping[str, Mapping[str, Any]] = manifest["files"]
        for name, expected in files.items():
            there = path.parent / name
            if not there.is_file() or there.stat().st_size != expected["size"]:
                raise EngineError(f"the model file {there} is missing or damaged", REINSTALL)
        return Model(
            name=str(manifest["name"]),
            title=str(manifest["title"]),
            version=str(manifest["version"]),
            revision=str(manifest["revision"]),
            license=str(manifest["license"]),
            languages=tuple(manifest["languages"]),
            size=sum(int(each["size"]) for each in files.values()),
            description=str(manifest["description"]),
            path=path.parent,
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise EngineError(f"the manifest {path} cannot be read: {error!r}", REINSTALL) from None
