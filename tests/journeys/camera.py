"""What a camera does: takes a picture of a code on a screen and reads it, knowing nothing of us."""

import base64
from typing import Final

import zxingcpp
from playwright.async_api import Locator

_GREY: Final = """async (picture) => {
    const bytes = Uint8Array.from(atob(picture), (letter) => letter.charCodeAt(0));
    const image = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
    const pen = new OffscreenCanvas(image.width, image.height).getContext("2d");
    pen.drawImage(image, 0, 0);
    const { data, width, height } = pen.getImageData(0, 0, image.width, image.height);
    let grey = "";
    for (let at = 0; at < data.length; at += 4) grey += String.fromCharCode(data[at + 1]);
    return [btoa(grey), height, width];
}"""


async def read_code(shown: Locator) -> str:
    """Return the text of the QR code on the screen."""
    picture = base64.b64encode(await shown.screenshot()).decode()
    table = await shown.page.context.new_page()
    grey, height, width = await table.evaluate(_GREY, picture)
    await table.close()
    pixels = memoryview(base64.b64decode(grey)).cast("B", (height, width))
    (code,) = zxingcpp.read_barcodes(pixels)
    return code.text
