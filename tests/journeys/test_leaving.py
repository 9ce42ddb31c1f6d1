"""Nobody is left on a phone that was signed out or switched off: in no tab and in no store."""

import json

from playwright.async_api import expect

from tests.commands.served import sangkat
from tests.journeys.acts import become_officer, declare_stay, declare_with_signal, send_all

STORED = """async () => {
    const db = await new Promise((done, fail) => {
        const opening = indexedDB.open("sangkat");
        opening.onsuccess = () => done(opening.result);
        opening.onerror = () => fail(opening.error);
    });
    const all = await new Promise((done) => {
        const asked = db.transaction("entities").objectStore("entities").getAll();
        asked.onsuccess = () => done(asked.result);
    });
    db.close();
    return JSON.stringify(all);
}"""
ACCOUNT = """async () => {
    const db = await new Promise((done) => {
        const opening = indexedDB.open("sangkat");
        opening.onsuccess = () => done(opening.result);
    });
    const device = await new Promise((done) => {
        const asked = db.transaction("device").objectStore("device").get("device");
        asked.onsuccess = () => done(asked.result);
    });
    db.close();
    return device.account.account_id;
}"""


async def test_signing_out_in_one_tab_ends_it_in_every_tab(server, new_phone):
    owner, officer = new_phone(), new_phone()
    await declare_with_signal(owner)
    await become_officer(officer, server)
    other = await officer.context.new_page()
    await other.goto(f"{officer.url}/app/inbox")
    await other.get_by_test_id("inbox-item").first.wait_for()
    await officer.open("/app/settings")
    await officer.press("sign-out")
    await officer.press("sign-out-yes")
    await officer.at("sign-in").wait_for()
    await other.get_by_test_id("sign-in").wait_for()
    assert "TEST DATA House" not in await other.inner_text("body")
    await owner.open("/app/")
    await declare_stay(owner, 2)
    await send_all(owner)
    # Longer than the pause between two questions.
    await other.wait_for_timeout(7_000)
    assert json.loads(await officer.evaluate(STORED)) == []
    await other.get_by_test_id("sign-in").click()
    await officer.at("inbox-item").first.wait_for()


async def test_an_officer_whose_account_ends_loses_the_lists(server, new_phone):
    owner, officer = new_phone(), new_phone()
    await declare_with_signal(owner)
    await become_officer(officer, server)
    ended = sangkat("account", "disable", await officer.evaluate(ACCOUNT), data=server.data)
    assert ended.returncode == 0, ended.stderr
    await officer.page.reload()
    await officer.at("revoked").wait_for()
    await expect(officer.at("inbox-item")).to_have_count(0)
    assert json.loads(await officer.evaluate(STORED)) == []
