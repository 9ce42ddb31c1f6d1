// The unsent queue as a file that a police post can take in: the way out for a phone without signal.
import { useState } from "preact/hooks";
import { openDatabase } from "../sync/database.ts";
import { collectUnsent } from "../sync/unsent.ts";
import { Icon } from "../ui/icons.tsx";
import { t } from "../ui/text.ts";

export function ExportButton() {
  const [name, setName] = useState("");
  return (
    <section>
      <p class="hint">{t("outbox.export-hint")}</p>
      <button
        type="button"
        class="button"
        onClick={() => void saveUnsent().then(setName)}
        data-testid="export"
      >
        <Icon name="share" /> {t("outbox.export")}
      </button>
      <p role="status">{name && t("outbox.export-done", { name })}</p>
    </section>
  );
}

/** Hands the file to the browser's downloads; returns its name. */
async function saveUnsent(): Promise<string> {
  const madeAt = new Date().toISOString();
  const file = await collectUnsent(await openDatabase(), madeAt);
  const name = `sangkat-${madeAt.slice(0, 10)}.json`;
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([JSON.stringify(file)], { type: "application/json" }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
  return name;
}
