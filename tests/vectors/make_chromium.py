"""Writes `documents-chromium.json`: documents that a real browser signed with the app's own code.

Run `python -m tests.vectors.make_chromium` after `npm ci` in `pwa`; names are TEST DATA.
Signatures are random, so the file differs after every run.
"""

import asyncio
import tempfile
from pathlib import Path
from typing import Any

from tests.pwa.browser import open_browser, serve
from tests.pwa.scripts import bundle
from tests.vectors.golden import keep


async def sign_in_chromium() -> dict[str, Any]:
    """Return the content of the file, fresh from a browser."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        bundle("signing", folder)
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
