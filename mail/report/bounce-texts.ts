/**
 * How servers that write no standard report begin: each line is one program's own words, at the beginning of a line, so
 * that a quote (`> Hi. This is …`) is none. What they have to say follows; where it ends, the message comes back.
 */

interface Opening {
  server: string;
  words: RegExp;
  /** It is late, and still tried. */
  isDelay?: true;
}

export const OPENINGS: readonly Opening[] = [
  { server: "Exim, late", words: /^A message that you sent has not yet been delivered/m, isDelay: true },
  { server: "qmail, late", words: /^.{0,80}still (?:trying|attempting) to deliver/m, isDelay: true },
  { server: "sendmail, late", words: /^\s{0,8}\*\*\s+THIS IS A WARNING MESSAGE ONLY/m, isDelay: true },
  { server: "Gmail, late", words: /^Delivery to the following recipient has been delayed/m, isDelay: true },
  { server: "qmail", words: /^Hi\. This is the /m },
  { server: "Yahoo", words: /^(?:Message from \S{1,80}|Sorry, we were)\s+unable to deliver (?:your|the) message/im },
  { server: "Exim, GMX, web.de, Zoho, Yandex", words: /^This message was created automatically by (?:the )?mail/m },
  {
    server: "sendmail",
    words: /^\s{0,8}-{3,}\s?The following addresses had (?:permanent )?(?:fatal|delivery) errors/m,
  },
  { server: "sendmail, transcript", words: /^\s{0,8}-{3,}\s?Transcript of session follows/m },
  {
    server: "Gmail",
    words: /^(?:Delivery to the following recipients? failed permanently|\*\* Address not found \*\*)/m,
  },
  { server: "Gmail, blocks", words: /^(?:Your message wasn't delivered to|Message not delivered)/m },
  { server: "Exchange", words: /^did not reach the following recipient\(s\):/m },
  {
    server: "Exchange and Outlook.com",
    words: /^(?:Delivery has failed to these recipients|Delivery to the following recipients failed)/m,
  },
  { server: "Office 365", words: /^Your message to \S{1,320} couldn't be delivered/m },
  { server: "Domino", words: /^was not delivered to:/m },
  { server: "Postfix", words: /^I'm sorry to have to inform you that your message could not/m },
  {
    server: "Courier",
    words: /^(?:UNDELIVERABLE MAIL|This is a delivery status notification from \S+,\s+running the Courier)/m,
  },
  { server: "smail, T-Online", words: /^\|-{3,}\s?Failed addresses follow:\s?-{3,}/m },
  { server: "Amazon SES", words: /^An error occurred while trying to deliver the mail to the following recipients/m },
  {
    server: "Mimecast, Proofpoint",
    words: /^(?:Your message could not be delivered to|The message you sent to) (?:the following|one or more)/m,
  },
  {
    server: "MDaemon, others",
    words:
      /^(?:The following (?:recipients?|addresses) (?:were|was|could) not\b|Undeliverable (?:message|mail) (?:to|for)\b)/m,
  },
];

/** From here on stands the message that comes back, not what is said of it. */
export const RETURNED_FROM =
  /^(?:--- ?Below this line is a copy|--- ?(?:The )?header of the original|-{2,} ?This is a copy of|-{3,} ?(?:The body of the )?Original message|\s{0,8}-{3,} ?(?:Original message|Unsent message|Returned message|Message (?:header|text|body))|\|-{3,} ?Message (?:text|header) follows|Original message (?:headers|follows)|-{3,} ?Forwarded message|Return-Path: |Received: |--- Original Message)/im;
