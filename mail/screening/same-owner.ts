/** One owner has both hosts, as far as public registries say: `a.example.co.uk` and `b.example.co.uk`. */
import { registeredDomain } from "../phishing/look-alike.ts";

export const isSameOwner = (one: string, other: string): boolean => registeredDomain(one) === registeredDomain(other);
