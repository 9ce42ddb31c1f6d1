// The three numbers that answer "is it sent?", and the warnings about this phone itself.

import { forgetVanished } from "../sync/marker.ts";
import { freeBytesLeast } from "../sync/room.ts";
import { isReceived } from "../ui/entries.ts";
import { Icon } from "../ui/icons.tsx";
import { Notice } from "../ui/notice.tsx";
import { phone, waitingCount } from "../ui/phone.ts";
import { storage } from "../ui/remembered.ts";
import { room, vanished } from "../ui/sending.ts";
import { t } from "../ui/text.ts";
import { countReturned } from "./to-correct.tsx";

export function Counts() {
  const received = phone.value.documents.filter(isReceived).length;
  const returned = countReturned();
  return (
    <nav class="counts" aria-label={t("outbox.title")}>
      <a
        class={waitingCount.value > 0 ? "tone-waiting" : "tone-plain"}
        href="/app/outbox#waiting"
        data-testid="outbox-waiting"
        data-count={waitingCount.value}
      >
        <Icon name="clock" /> {t("home.waiting", { n: waitingCount.value })}
      </a>
      <a
        class="tone-received"
        href="/app/outbox#received"
        data-testid="outbox-received"
        data-count={received}
      >
        <Icon name="receipt" /> {t("home.received", { n: received })}
      </a>
      <a
        class={returned > 0 ? "tone-returned" : "tone-plain"}
        href="/app/outbox#returned"
        data-testid="outbox-returned"
        data-count={returned}
      >
        <Icon name="pen" /> {t("home.returned", { n: returned })}
      </a>
    </nav>
  );
}

/** The browser threw the database away, or is about to run out of room: said before anything else. */
export function Vanished() {
  const { value: note } = vanished;
  const free = room.value?.free_bytes ?? null;
  const goOn = () => {
    if (storage) forgetVanished(storage);
    vanished.value = null;
  };
  return (
    <>
      {note && (
        <Notice tone="returned" icon="warning" live testId="vanished">
          <h2>{t("vanished.title")}</h2>
          <p>{t("vanished.text", { n: note.waiting })}</p>
          <button type="button" class="button" onClick={goOn}>
            <Icon name="check" /> {t("vanished.go-on")}
          </button>
        </Notice>
      )}
      {free !== null && free < freeBytesLeast && (
        <Notice tone="returned" icon="warning" testId="room-little">
          <p>{t("room.little")}</p>
        </Notice>
      )}
    </>
  );
}
