"""What is kept of a photo is its pixels; what is no photo is told for good, and nothing kept."""

import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from api.blobs import drawing, redrawing
from api.blobs.files import list_kept
from tests.blobs.photos import (
    SECRET,
    make_bomb,
    make_photo,
    make_tagged,
    measure,
    name_of,
    open_photo,
    send_photo,
)
from tests.world import World

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
CLICK = b"<script>alert(1)</script>"


def make_frames(of: str) -> bytes:
    """A picture of many frames."""
    written = io.BytesIO()
    frames = [Image.new("P", (64, 64), n) for n in range(200)]
    frames[0].save(written, of, save_all=True, append_images=frames[1:])
    return written.getvalue()


REFUSED = {
    "bomb": (make_bomb(), "blob.too-many-pixels"),
    "one pixel too many": (make_bomb(6_001, 4_000), "blob.too-many-pixels"),
    "truncated": (make_photo((900, 900))[:-900], "blob.not-an-image"),
    "SVG": (SVG, "blob.not-an-image"),
    "GIF": (make_frames("GIF"), "blob.not-an-image"),
    "TIFF": (make_photo(of="TIFF"), "blob.not-an-image"),
    "page before a photo": (CLICK + make_photo(), "blob.not-an-image"),
    "archive": (b"PK\x03\x04" + bytes(200), "blob.not-an-image"),
    "nothing": (b"", "blob.not-an-image"),
    "head alone": (b"\x89PNG\r\n\x1a\n", "blob.not-an-image"),
}


async def show(world: World, photo: bytes) -> bytes:
    """Send a photo and return what is shown of it."""
    assert (await send_photo(world, world.owner, photo)).is_success
    shown = await world.owner.get(f"/v1/blobs/{name_of(photo)}")
    assert shown.headers["Content-Type"] == "image/jpeg"
    return shown.content


def name_colour(image: Image.Image, at: tuple[int, int]) -> str:
    """Return the strongest of a pixel's colours; white where all are full."""
    pixel: Any = image.getpixel(at)
    return "white" if min(pixel) > 240 else ("red", "green", "blue")[pixel.index(max(pixel))]


def list_files(world: World) -> list[Path]:
    return [path for path in world.register.settings.blobs_dir.rglob("*") if path.is_file()]


async def test_what_is_no_photo_is_refused_every_time_and_nothing_of_it_kept(world: World):
    for case, (photo, code) in REFUSED.items():
        for _ in range(2):
            answer = await send_photo(world, world.owner, photo)
            assert (answer.status_code, answer.json()["code"]) == (422, code), case
        assert (await measure(world.owner, name_of(photo), world.http)).status_code == 422
        assert (await world.owner.get(f"/v1/blobs/{name_of(photo)}")).status_code == 404
    assert list_files(world) == []


async def test_where_and_with_what_a_photo_was_taken_is_gone(world: World):
    photo = make_tagged()
    assert SECRET.encode() in photo
    shown = await show(world, photo)
    assert SECRET.encode() not in shown
    assert not open_photo(shown).getexif()
    assert {"exif", "comment", "icc_profile", "xmp"}.isdisjoint(open_photo(shown).info)
    (kept,) = list_files(world)
    assert SECRET.encode() not in kept.read_bytes()


async def test_a_photo_taken_upright_is_shown_upright(world: World):
    turned = open_photo(await show(world, make_tagged(orientation=6)))
    assert turned.size == (480, 640)
    assert [name_colour(turned, (240, y)) for y in (10, 630)] == ["red", "blue"]


async def test_a_page_behind_a_photo_is_not_kept(world: World):
    assert CLICK not in await show(world, make_photo() + CLICK)


async def test_photos_of_any_colours_are_drawn(world: World):
    for mode in ("CMYK", "L", "1", "P", "RGBA", "LA", "YCbCr"):
        written = io.BytesIO()
        of = "PNG" if mode in {"1", "P", "RGBA", "LA"} else "JPEG"
        Image.new("RGB", (40, 30), "white").convert(mode).save(written, of)
        shown = open_photo(await show(world, written.getvalue()))
        assert (shown.mode, shown.size) == ("RGB", (40, 30))
        assert name_colour(shown, (20, 15)) == "white", mode


async def test_what_nobody_sees_through_is_white(world: World):
    written = io.BytesIO()
    Image.new("RGBA", (20, 20), (0, 0, 0, 0)).save(written, "WEBP", lossless=True)
    assert name_colour(open_photo(await show(world, written.getvalue())), (5, 5)) == "white"


async def test_huge_profiles_and_broken_tags_are_left_out(world: World):
    profile = bytes(900_000)
    shown = await show(world, make_photo(icc_profile=profile, exif=b"Exif\x00\x00" + bytes(60_000)))
    assert len(shown) < 20_000


async def test_a_large_photo_is_kept_smaller(world: World):
    shown = open_photo(await show(world, make_photo((2_600, 1_300))))
    assert shown.size == (drawing.SIDE_MAX, drawing.SIDE_MAX // 2)


async def test_the_first_frame_of_many_is_kept(world: World):
    assert open_photo(await show(world, make_frames("WEBP"))).size == (64, 64)


async def test_photos_are_for_this_user_alone_and_are_listed_for_a_backup(world: World):
    await show(world, make_photo())
    folder = world.register.settings.blobs_dir
    (path,) = list_kept(folder)
    assert path.stat().st_mode & 0o777 == 0o600
    inside = [path.parent, path.parent.parent, folder]
    assert [one.stat().st_mode & 0o777 for one in inside] == [0o700] * 3


async def test_a_page_that_shows_a_photo_cannot_be_made_of_it(world: World):
    photo = make_photo()
    await show(world, photo)
    headers = (await world.owner.get(f"/v1/blobs/{name_of(photo)}")).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in headers["Content-Security-Policy"]


HANGING = "import time; time.sleep(600)"
GREEDY = "while True: pass"


async def test_a_drawing_that_hangs_is_ended_and_may_be_tried_again(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    program = tmp_path / "hanging.py"
    program.write_text(HANGING)
    photo = make_photo()
    with monkeypatch.context() as changed:
        changed.setattr(redrawing, "_PROGRAM", program)
        changed.setattr(redrawing, "_SECONDS_MAX", 0.05)
        answer = await send_photo(world, world.owner, photo)
        assert (answer.status_code, answer.json()["code"]) == (503, "overload")
    told = (await measure(world.owner, name_of(photo), world.http)).headers
    assert told["Upload-Offset"] == str(len(photo))
    assert "Upload-Complete" not in told
    headers = {
        **world.owner.headers,
        "Content-Type": "application/offset+octet-stream",
        "Upload-Offset": str(len(photo)),
    }
    again = await world.http.patch(f"/v1/blobs/{name_of(photo)}", headers=headers)
    assert again.headers["Upload-Complete"] == "?1"


async def test_a_drawing_that_takes_too_much_of_the_machine_is_no_photo(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    program = tmp_path / "greedy.py"
    limit = "import resource; resource.setrlimit(resource.RLIMIT_CPU, (0, 5))"
    program.write_text(f"{limit}\n{GREEDY}")
    monkeypatch.setattr(redrawing, "_PROGRAM", program)
    answer = await send_photo(world, world.owner, make_photo())
    assert (answer.status_code, answer.json()["code"]) == (422, "blob.not-an-image")


async def test_without_the_package_nothing_is_taken(world: World, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(redrawing, "find_spec", lambda _: None)
    answer = await send_photo(world, world.owner, make_photo())
    assert (answer.status_code, answer.json()["code"]) == (501, "photos.missing")
    assert list_files(world) == []
