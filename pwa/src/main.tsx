// Starts the page: language, router, then the screens.
import { render } from "preact";
import { App } from "./ui/app.tsx";
import { startRouter } from "./ui/router.ts";
import { preferredLanguage, showLanguage } from "./ui/text.ts";

async function start(): Promise<void> {
  const place = document.getElementById("app");
  if (!place) throw new Error("index.html has no #app");
  startRouter();
  await showLanguage(preferredLanguage());
  render(<App />, place);
}

void start();
