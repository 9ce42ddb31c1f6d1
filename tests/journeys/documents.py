"""Reaches into a phone's outbox: many documents at once, one of them damaged, as memory fails."""

from typing import Final, Literal

from playwright.async_api import Route

from tests.journeys.phone import Phone
from tests.pwa.scripts import bundle

_ADDRESS: Final = "/scripts/phone.js"
_DAMAGE: Final = """([at, part]) => new Promise((done, failed) => {
    const opening = indexedDB.open("sangkat");
    opening.onerror = failed;
    opening.onsuccess = () => {
        const tx = opening.result.transaction("documents", "readwrite");
        const store = tx.objectStore("documents");
        store.getAll().onsuccess = ({ target: { result } }) => {
            const hit = result.sort((a, b) => a.order - b.order).at(at);
            const text = hit.item[part];
            const damaged = part === "signature"
                ? (text.startsWith("A") ? "B" : "A") + text.slice(1)
                : text.slice(0, text.length / 2);
            store.put({ ...hit, item: { ...hit.item, [part]: damaged } });
        };
        tx.oncomplete = () => { opening.result.close(); done(null); };
        tx.onerror = failed;
    };
})"""


async def damage(phone: Phone, at: int, part: Literal["signature", "payload"]) -> None:
    """Change a letter of a signature, or lose half of a payload; -1 is what was saved last."""
    await phone.page.evaluate(_DAMAGE, [at, part])


async def offer_script(phone: Phone) -> None:
    """Lay the script that saves as forms do beside the app; to be called with signal."""
    script = bundle("phone", phone.folder)

    async def give(route: Route) -> None:
        await route.fulfill(path=script, content_type="text/javascript")

    await phone.context.route(f"**{_ADDRESS}", give)
    await phone.evaluate(f"import('{_ADDRESS}').then(() => true)")


async def save_people(phone: Phone, count: int) -> None:
    """Save a premises and so many people at once."""
    saved = await phone.evaluate(f"import('{_ADDRESS}').then((it) => it.saveStays({count}))")
    assert saved["kind"] == "saved"
