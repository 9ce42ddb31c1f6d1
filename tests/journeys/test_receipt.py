"""A receipt's QR opens on any phone that has the app, without signal."""

import json

from tests.journeys.acts import declare_with_signal

ANSWERING = """async () => {
    for (;;) {
        const found = await navigator.serviceWorker.getRegistration("/verify");
        if (found?.scope.endsWith("/verify") && found.active?.state === "activated") return true;
        await new Promise((done) => setTimeout(done, 50));
    }
}"""
SCOPES = """async () => (await navigator.serviceWorker.getRegistrations())
    .map((one) => new URL(one.scope).pathname).sort()"""


async def test_the_address_in_a_receipts_qr_opens_without_signal(new_phone):
    owner, other = new_phone(), new_phone()
    await declare_with_signal(owner)
    await owner.open("/app/outbox")
    found = await owner.evaluate(RECEIPT)
    await other.switch_on()
    await other.load_once()
    assert await other.evaluate(ANSWERING)
    assert await other.evaluate(SCOPES) == ["/app/", "/verify"]
    await other.lose_signal()
    await other.open(f"/verify#{json.loads(found)[0]}")
    await other.at("verify-good").wait_for()


RECEIPT = """async () => {
    const db = await new Promise((done) => {
        const opening = indexedDB.open("sangkat");
        opening.onsuccess = () => done(opening.result);
    });
    const rows = await new Promise((done) => {
        const asked = db.transaction("rows").objectStore("rows").getAll();
        asked.onsuccess = () => done(asked.result);
    });
    db.close();
    return JSON.stringify(rows.map((row) => row.receipt).filter(Boolean));
}"""
