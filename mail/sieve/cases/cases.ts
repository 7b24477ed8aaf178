/** All cases. */
import { ACTIONS } from "./actions.ts";
import { BODY_AND_DATE } from "./body-and-date.ts";
import type { Case } from "./case.ts";
import { FLAGS } from "./flags.ts";
import { LANGUAGE } from "./language.ts";
import { MATCHING } from "./matching.ts";
import { VARIABLES } from "./variables.ts";

export const CASES: readonly Case[] = [...LANGUAGE, ...MATCHING, ...ACTIONS, ...FLAGS, ...VARIABLES, ...BODY_AND_DATE];
