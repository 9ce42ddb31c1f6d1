// The way out for an entry that the register did not take and that nobody wants to enter again: put aside after a
// second press, kept on this phone, and brought back with one.
import { announceChange } from "../sync/changes.ts";
import { openDatabase } from "../sync/database.ts";
import { discard } from "../sync/discarding.ts";
import { agoInWords } from "../ui/dates.ts";
import { isDiscarded, type OwnDocument } from "../ui/entries.ts";
import { Icon } from "../ui/icons.tsx";
import { now, phone, readPhone, registerNow } from "../ui/phone.ts";
import { timeOf } from "../ui/register-time.ts";
import { counted, t } from "../ui/text.ts";
import { titleOf } from "./entry-path.ts";

export function DiscardPart({ document }: { readonly document: OwnDocument }) {
  const resting = phone.value.documents.filter(({ blocked_by }) => blocked_by === document.id);
  const putAside = () => void keep(document.id, new Date(registerNow()).toISOString());
  return (
    <details>
      <summary data-testid="discard-open">{t("outbox.discard")}</summary>
      <p>{t("outbox.discard-explain")}</p>
      {resting.length > 0 && (
        <>
          <p>{t("outbox.discard-resting")}</p>
          <ul>
            {resting.map((one) => (
              <li key={one.id}>{titleOf(one)}</li>
            ))}
          </ul>
        </>
      )}
      <button type="button" class="button danger" onClick={putAside} data-testid="discard-yes">
        <Icon name="back" /> {t("outbox.discard-yes", { what: titleOf(document) })}
      </button>
    </details>
  );
}

export function Discarded() {
  const discarded = phone.value.documents.filter(isDiscarded);
  return (
    <section role="status">
      {discarded.length > 0 && (
        <details>
          <summary data-testid="discarded" data-count={discarded.length}>
            {t("outbox.discarded")} ({counted(discarded.length)})
          </summary>
          <p class="hint">{t("outbox.discarded-hint")}</p>
          <ul class="list">
            {discarded.map((document) => (
              <DiscardedItem key={document.id} document={document} />
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}

function DiscardedItem({ document }: { readonly document: OwnDocument }) {
  const root = document.blocked_by ?? document.id;
  return (
    <li>
      <p>
        <strong>{titleOf(document)}</strong>{" "}
        <span class="detail">{agoInWords(timeOf(document, phone.value.device), now.value)}</span>
      </p>
      <button
        type="button"
        class="button"
        onClick={() => void keep(root, null)}
        data-testid="discard-back"
        aria-label={`${t("outbox.bring-back")}: ${titleOf(document)}`}
      >
        <Icon name="back" /> {t("outbox.bring-back")}
      </button>
    </li>
  );
}

async function keep(id: string, discardedAt: string | null): Promise<void> {
  const db = await openDatabase();
  await discard(db, id, discardedAt);
  await readPhone(db);
  announceChange();
}
