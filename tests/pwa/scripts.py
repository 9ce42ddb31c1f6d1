"""Bundles code of the app that runs in a browser under test, as a script that a page imports."""

import subprocess
from pathlib import Path
from typing import Final

PWA: Final = Path(__file__).parents[2] / "pwa"
DIST: Final = PWA / "dist"


def bundle(name: str, folder: Path) -> Path:
    """Bundle `pwa/tests/NAME.ts` with all that it uses."""
    script = folder / f"{name}.js"
    command = ["node_modules/.bin/rolldown", f"tests/{name}.ts", "--file", str(script)]
    subprocess.run([*command, "--format", "esm"], cwd=PWA, check=True, capture_output=True)
    return script
