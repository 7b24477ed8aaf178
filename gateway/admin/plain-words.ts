/** Why an address is none, for the person who typed it. A new reason does not compile until it has its words here. */
import type { AddressError } from "../../mail/address/address.ts";

export function inPlainWords(error: AddressError): string {
  switch (error.reason) {
    case "address_empty":
      return "it is empty";
    case "address_too_long":
      return `it has ${error.octets} bytes, and at most ${error.limit} are allowed`;
    case "control_character":
      return `there is a control character in it, after ${error.at} others`;
    case "not_well_formed":
      return "it is not valid Unicode";
    case "domain_missing":
      return "it needs an @ and a domain, as in you@example.org";
    case "local_part_empty":
      return "there is nothing before the @";
    case "local_part_too_long":
      return `what stands before the @ has ${error.octets} bytes, and at most ${error.limit} are allowed`;
    case "local_part_character":
      return `${shown(error.got)} cannot stand before the @, unless in quotes`;
    case "local_part_dot":
      return "before the @, a dot must have other characters on both sides";
    case "local_part_quote_unclosed":
      return "its opening quote is never closed";
    case "local_part_after_quote":
      return "only the @ may follow the closing quote";
    case "domain_empty":
      return "the domain is empty";
    case "domain_literal":
    case "domain_is_ip_address":
      return "a domain has a name, and this is an IP address";
    case "domain_too_long":
      return `the domain is ${error.octets} characters long, and at most ${error.limit} are allowed`;
    case "domain_character":
      return `${shown(error.got)} cannot be in a domain`;
    case "domain_label_empty":
      return "there is nothing between two dots of the domain, or a dot at one of its ends";
    case "domain_label_too_long":
      return `a part between dots may have at most ${error.limit} characters`;
    case "domain_label":
      return `no domain has a part like ${shown(error.label)}`;
    case "domain_unusable":
      return "the domain has characters that domains cannot have";
  }
}

/** JSON's quotes and escapes: a control character must not steer the terminal. */
const shown = (text: string): string => (text === " " ? "a space" : JSON.stringify(text));
