"""The house of the project: who may import whom (contracts in pyproject.toml)."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_import_contracts_are_kept() -> None:
    program = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    done = subprocess.run([sys.executable, "-c", program, "--no-cache"], cwd=ROOT, capture_output=True, text=True,
                          check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_module_has_a_docstring_or_is_empty() -> None:
    silent = []
    for package in ("peace_model", "peace_desktop"):
        for path in (ROOT / package).rglob("*.py"):
            text = path.read_text("utf-8").strip()
            if text and not text.startswith(('"""', "'''", "#")):
                silent.append(str(path.relative_to(ROOT)))
    assert not silent
