"""Loads the templates in prompts/ and fills every blank, or says which one is missing."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from newsbridge.errors import PromptError

if TYPE_CHECKING:
    from jinja2 import Environment

SUFFIX = ".jinja"


def shipped() -> Path:
    """Return the folder of the templates that come with newsbridge."""
    here = Path(__file__).parent
    inside = here / "prompts"
    return inside if inside.is_dir() else here.parents[1] / "prompts"  # as installed, as checked out


@dataclass(frozen=True)
class Prompts:
    """The templates, those of a folder before those that ship.

    ``folder`` holds templates of the same names (``translate.jinja``, …); what it lacks is taken from ours.
    """

    folder: Path | None = None

    @cached_property
    def _environment(self) -> Environment:
        from jinja2 import Environment, FileSystemLoader, StrictUndefined

        if self.folder is not None and not self.folder.is_dir():
            raise PromptError(f"there is no folder {self.folder} with prompts", "check the path given with --prompts")
        folders = [str(each) for each in (self.folder, shipped()) if each]
        return Environment(
            loader=FileSystemLoader(folders),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=False,
            autoescape=False,  # prompts are text
        )

    @property
    def names(self) -> tuple[str, ...]:
        """Every template there is, sorted, without the suffix."""
        found = self._environment.list_templates(extensions=[SUFFIX[1:]])
        return tuple(sorted(each.removesuffix(SUFFIX) for each in found))

    def source(self, name: str) -> str:
        """Return the text of a template.

        Raises:
            PromptError: if there is none of that name.
        """
        from jinja2 import TemplateNotFound

        loader = self._environment.loader
        assert loader is not None
        try:
            return loader.get_source(self._environment, name + SUFFIX)[0]
        except TemplateNotFound:
            raise PromptError(f"there is no prompt {name!r}", f"there is {', '.join(self.names)}") from None
        except (OSError, UnicodeDecodeError) as error:
            raise PromptError(f"the prompt {name!r} cannot be read: {error}", "it must be text in UTF-8") from None

    def version(self, name: str) -> str:
        """Return the first twelve digits of the SHA-256 of a template: what the record knows it by."""
        return hashlib.sha256(self.source(name).encode()).hexdigest()[:12]

    def versions(self, *names: str) -> Mapping[str, str]:
        """Return the versions of several templates under their names."""
        return {name: self.version(name) for name in names}

    def fill(self, name: str, **blanks: Any) -> str:
        """Fill a template.

        Raises:
            PromptError: if a blank has nothing to fill it, naming every one; or the template is no valid Jinja.
        """
        from jinja2 import TemplateError, meta

        text = self.source(name)
        try:
            wanted = meta.find_undeclared_variables(self._environment.parse(text))
            missing = sorted(wanted - set(blanks))
            if missing:
                known = ", ".join(sorted(blanks))
                raise PromptError(
                    f"nothing fills {', '.join(missing)} in the prompt {name!r}", f"its blanks may be {known}"
                )
            return self._environment.get_template(name + SUFFIX).render(**blanks).strip()
        except TemplateError as error:
            raise PromptError(f"the prompt {name!r} is not valid: {error}", "see prompts/ for how ours look") from None
