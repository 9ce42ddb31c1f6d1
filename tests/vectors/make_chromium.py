"""Writes `documents-chromium.json`: documents that a real browser signed with the app's own code.

Run `python -m tests.vectors.make_chromium` after `npm ci` in `pwa`; names are TEST DATA.
Signatures are random, so the file differs after every run.
"""

import asyncio
import subprocess
import tempfile
from pathlib import Path
from typing import Any, Final

from tests.pwa.browser import open_browser, serve
from tests.vectors.golden import keep

PWA: Final = Path(__file__).parents[2] / "pwa"


def bundle(folder: Path) -> Path:
    """Bundle the signing code of the app as one script that a page can load."""
    script = folder / "signing.js"
    command = ["node_modules/.bin/rolldown", "tests/signing.ts", "--file", str(script)]
    subprocess.run([*command, "--format", "esm"], cwd=PWA, check=True, capture_output=True)
    return script


async def sign_in_chromium() -> dict[str, Any]:
    """Return the content of the file, fresh from a browser."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        bundle(folder)
        (folder / "index.html").write_text("<!doctype html><title>TEST DATA</title>")
        async with (
            serve(lambda path: folder / (path.strip("/") or "index.html"), []) as origin,
            open_browser() as browser,
        ):
            page = await browser.new_page()
            await page.goto(origin)
            return await page.evaluate(
                "() => import('/signing.js').then((module) => module.signDocuments())"
            )


def main() -> None:
    """Write the file beside this one."""
    keep("documents-chromium.json", asyncio.run(sign_in_chromium()))


if __name__ == "__main__":
    main()
