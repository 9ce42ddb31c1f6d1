// Chooses the screen for the address.
import { t } from "./text.ts";

export function App() {
  return (
    <main>
      <h1>{t("app.name")}</h1>
    </main>
  );
}
