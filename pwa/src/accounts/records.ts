// What documents of this slice say, written from api/accounts/records.py: python -m tests.schema.generate

import type { PublicJwk } from "../sync/messages.ts";

export type AccountState = "unverified" | "active";

export type RevocationReason = "replaced" | "left" | "lost" | "stolen";

/** A key registers itself and, with it, the person or program that holds it. */
export type Account = {
  readonly capacity: "owner" | "manager" | "operator" | "representative" | "officer" | "client" | "register";
  readonly language: "km" | "en" | "zh" | "vi" | "th";
  readonly jwk?: PublicJwk;
  readonly invitation?: string;
  readonly contact: string;
};

/** Who holds the account; accounts are never looked up by phone number. */
export type AccountContact = {
  readonly name: string;
  readonly phone?: string;
};

/** The register or an officer gives an account a role over places. */
export type Grant = {
  readonly account_id: string;
  readonly role:
    | "owner"
    | "officer"
    | "district"
    | "province"
    | "analyst"
    | "desk"
    | "auditor"
    | "client"
    | "node"
    | "register";
  readonly places?: readonly string[];
  readonly scopes?: readonly string[];
  readonly premises_id?: string;
  readonly expires_at?: string;
};

/** An officer compared the short code with the person. */
export type Verification = {
  readonly account_id: string;
};

/** A key or a grant ends. */
export type Revocation = {
  readonly reason: RevocationReason;
  readonly kid?: string;
  readonly grant_id?: string;
};
