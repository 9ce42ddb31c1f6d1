"""A photo of the building, taken without signal: it follows the text, and the post sees it."""

from pathlib import Path

from playwright.async_api import FilePayload, expect

from tests.blobs.photos import SECRET, make_noise, make_tagged, open_photo
from tests.commands.served import Served
from tests.journeys.acts import become_officer, list_premises, register, send_all
from tests.journeys.conftest import NewPhone
from tests.journeys.phone import HEIGHT, Phone
from tests.makers import SANGKAT_4


async def _take_photo(owner: Phone, photo: bytes) -> None:
    """Choose a picture in the form, and wait until the form shows it, small enough to go on."""
    picture: FilePayload = {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": photo}
    async with owner.page.expect_file_chooser() as asked:
        await owner.press("photo-take")
    await (await asked.value).set_files(picture)
    shown = await owner.at("photo-shown").bounding_box()
    assert shown is not None
    assert shown["height"] < HEIGHT / 3


async def _declare(owner: Phone, photo: bytes) -> str:
    await owner.press("premises-new")
    await owner.choose(kind="rental_house", place=SANGKAT_4)
    await owner.fill(name_latin="TEST DATA House")
    await _take_photo(owner, photo)
    await owner.press("premises-save")
    (premises,) = await list_premises(owner, count=1)
    return premises


async def _expect_photo(phone: Phone, premises: str, state: str) -> None:
    await phone.open(f"/app/premises/{premises}")
    photo = phone.at("premises-photo")
    await expect(photo).to_have_attribute("data-state", state)
    await expect(phone.at("photo-shown")).to_have_js_property("complete", value=True)


def list_kept(server: Served) -> list[Path]:
    return [path for path in (server.data / "blobs").rglob("*") if path.is_file()]


async def test_a_photo_taken_without_signal_follows_the_text_and_the_post_sees_it(
    server: Served, new_phone: NewPhone
):
    owner, officer = new_phone(), new_phone()
    await owner.switch_on()
    await owner.load_once()
    await register(owner, "TEST DATA Owner")
    await owner.lose_signal()
    premises = await _declare(owner, make_tagged(orientation=6))
    await _expect_photo(owner, premises, "waiting")
    await owner.kill()
    await owner.switch_on("/app/", offline=True)
    await _expect_photo(owner, premises, "waiting")
    await owner.find_signal()
    await send_all(owner)
    await _expect_photo(owner, premises, "sent")
    (kept,) = list_kept(server)
    assert SECRET.encode() not in kept.read_bytes()
    assert open_photo(kept.read_bytes()).size == (480, 640)
    await become_officer(officer, server)
    await _expect_photo(officer, premises, "here")


async def test_a_large_photo_is_sent_small_and_may_be_left_out_again(
    server: Served, new_phone: NewPhone
):
    owner = new_phone()
    await owner.switch_on()
    await owner.load_once()
    await register(owner, "TEST DATA Owner")
    premises = await _declare(owner, make_noise((2_000, 1_500)))
    await send_all(owner)
    await _expect_photo(owner, premises, "sent")
    (kept,) = list_kept(server)
    assert max(open_photo(kept.read_bytes()).size) < 2_000
    await owner.press("premises-correct")
    await owner.press("photo-remove")
    await owner.press("premises-save")
    await owner.at("premises-save").wait_for(state="detached")
    await send_all(owner)
    await owner.open(f"/app/premises/{premises}")
    await owner.at("premises-correct").wait_for()
    await expect(owner.at("premises-photo")).to_have_count(0)
