// The officer's screens as one parcel, so that an owner's phone never has to load them to work.
export { EntryPage } from "./entry.tsx";
export { InboxPage } from "./page.tsx";
export { SearchPage } from "./search.tsx";
export { SheetPage } from "./sheet.tsx";
