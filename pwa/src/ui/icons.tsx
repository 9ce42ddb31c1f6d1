// The app's few icons, drawn here so that no font or sprite has to be fetched; a word always stands beside them.

const paths = {
  add: "M12 5v14M5 12h14",
  back: "M15 5l-7 7 7 7",
  building: "M4 21V5l8-3 8 3v16M9 9h1M14 9h1M9 13h1M14 13h1M10 21v-4h4v4",
  check: "M4 13l5 5L20 6",
  clock: "M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18M12 7v5l3 3",
  help: "M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18M9.5 9.5a2.5 2.5 0 1 1 3.6 2.2c-.8.4-1.1.9-1.1 1.8M12 17h.01",
  home: "M3 11l9-8 9 8M6 9v12h12V9",
  leave: "M14 4h5v16h-5M10 8l-4 4 4 4M6 12h9",
  listen: "M4 9v6h4l5 4V5L8 9H4M16 9a4 4 0 0 1 0 6M18.5 6.5a8 8 0 0 1 0 11",
  offline:
    "M3 3l18 18M5 12a10 10 0 0 1 4-2.500M19 12a10 10 0 0 0-5-2.800M8.500 15.500a5 5 0 0 1 7 0M12 19h.01",
  pen: "M4 20l1-4L16 5l3 3L8 19l-4 1M14 7l3 3",
  person: "M12 4a4 4 0 1 0 0 8a4 4 0 1 0 0-8M4 21c1-5 4-7 8-7s7 2 8 7",
  phone: "M5 3h4l2 5-3 2c1 3 3 5 6 6l2-3 5 2v4c0 1-1 2-2 2C11 21 3 13 3 5c0-1 1-2 2-2",
  print: "M7 8V3h10v5M7 17H4V9h16v8h-3M7 14h10v7H7z",
  receipt: "M6 2h12v20l-3-2-3 2-3-2-3 2V2M9 7h6M9 11h6M9 15h4",
  search: "M11 4a7 7 0 1 0 0 14a7 7 0 1 0 0-14M16 16l5 5",
  sending: "M20 6v5h-5M4 18v-5h5M6 9a7 7 0 0 1 12-2l2 4M18 15a7 7 0 0 1-12 2l-2-4",
  settings: "M4 7h10M18 7h2M4 17h2M10 17h10M16 5v4M8 15v4",
  share: "M12 15V3M8 7l4-4 4 4M5 12v9h14v-9",
  warning: "M12 3l10 18H2L12 3M12 10v5M12 18h.01",
  work: "M4 5h16v16H4zM8 3v4M16 3v4M8 13l3 3 5-5",
} as const;

export type IconName = keyof typeof paths;

export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  );
}
