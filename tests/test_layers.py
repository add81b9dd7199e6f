"""The table in docs/architecture.md is the law: a module imports only from the rows above it."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "src" / "newsbridge"
ROWS = re.findall(r"^\| `(\w+)` \|", (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8"), re.MULTILINE)
FILES = sorted(path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py")


def row(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("newsbridge"):
            parts = node.module.split(".")
            found |= {parts[1]} if len(parts) > 1 else {alias.name for alias in node.names}
        elif isinstance(node, ast.Import):
            found |= {alias.name.split(".")[1] for alias in node.names if alias.name.startswith("newsbridge.")}
    return found - {"__version__"}


def test_every_module_has_a_row_and_every_row_a_module():
    assert {row(path) for path in FILES} == set(ROWS)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_imports_only_from_the_rows_above(path):
    own = ROWS.index(row(path))
    below = {name for name in imports(path) if ROWS.index(name) > own}
    assert not below, f"{path.relative_to(PACKAGE)} reaches down to {below}"


def test_a_layer_below_would_be_noticed(tmp_path):
    wrong = tmp_path / "spans.py"
    wrong.write_text("from newsbridge.writing import html\nimport newsbridge.cli\nfrom newsbridge import record\n")
    assert imports(wrong) == {"writing", "cli", "record"}
