// Screens that are loaded when first opened; the worker keeps them, so that this works without signal too.

import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Icon } from "./icons.tsx";
import { t } from "./text.ts";

type Loading = "loading" | "loaded" | "failed";

export function lazyPage<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
): ComponentType<Props> {
  let Page: ComponentType<Props> | null = null;
  async function fetchPage(): Promise<Loading> {
    try {
      Page ??= await load();
      return "loaded";
    } catch {
      return "failed";
    }
  }
  return function LazyPage(props: Props) {
    const [loading, setLoading] = useState<Loading>(Page ? "loaded" : "loading");
    useEffect(() => void fetchPage().then(setLoading), []);
    if (Page) return <Page {...props} />;
    if (loading === "loading") return <p class="bar">{t("app.loading")}</p>;
    return (
      <main>
        <p role="alert">{t("app.needs-connection")}</p>
        <button type="button" class="button" onClick={() => void fetchPage().then(setLoading)}>
          <Icon name="sending" /> {t("word.try-again")}
        </button>
      </main>
    );
  };
}
