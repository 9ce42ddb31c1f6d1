// The shapes that travel between phone and register, as wire.md gives them: apart because every part of sync speaks them.
export type JsonObject = { readonly [name: string]: unknown };
