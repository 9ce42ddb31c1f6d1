// Starts the page: language, router and screens first; then what keeps the phone and its register together.
import { render } from "preact";
import { openDatabase } from "./sync/database.ts";
import "./ui/app.css";
import { App } from "./ui/app.tsx";
import { startInstallation } from "./ui/installation.ts";
import { meetRegister, startPhone } from "./ui/phone.ts";
import { startRouter } from "./ui/router.ts";
import { noticeVanishing, startSending } from "./ui/sending.ts";
import { preferredLanguage, showLanguage } from "./ui/text.ts";

async function start(): Promise<void> {
  const place = document.getElementById("app");
  if (!place) throw new Error("index.html has no #app");
  startRouter();
  await showLanguage(preferredLanguage());
  render(<App />, place);
  await startPhone();
  const db = await openDatabase();
  await noticeVanishing(db);
  const met = meetRegister(db);
  await startInstallation();
  await met;
  startSending();
}

void start();
