/** Domains that everybody knows: those that fraud imitates most, and those whose mail is in somebody else's name. */
import { registeredDomain } from "../address/organizational-domain.ts";

/** After the reports of the Anti-Phishing Working Group and of mail services: the same few, year after year. */
export const OFTEN_IMITATED = `adobe.com airbnb.com amazon.com amazon.co.uk amazon.de americanexpress.com apple.com
  bankofamerica.com barclays.co.uk binance.com booking.com capitalone.com chase.com coinbase.com dhl.com docusign.com
  dropbox.com ebay.com facebook.com fedex.com github.com gmail.com google.com hsbc.com icloud.com instagram.com
  linkedin.com mastercard.com metamask.io microsoft.com microsoftonline.com netflix.com office.com office365.com
  onedrive.com outlook.com paypal.com postbank.de revolut.com santander.com sharepoint.com spotify.com sparkasse.de
  steampowered.com telegram.org usps.com visa.com wellsfargo.com whatsapp.com yahoo.com`.split(/\s+/);

/** They look like one of those and are honest: the same owner's, or older than the fear of them. */
const HONEST = new Set(
  `amazon-adsystem.com apple-cloudkit.com facebook-hardware.com google-analytics.com googlemail.com
  paypal-communication.com paypal-community.com paypal-engineering.com paypal-pages.com outlook-1.cdn.office.net mail.com
  email.com mastercard.us visa.de`.split(/\s+/),
);

export const isHonest = (host: string): boolean => HONEST.has(registeredDomain(host));

const FREE_MAIL = new Set(
  `163.com 126.com aol.com fastmail.com free.fr freenet.de gmail.com gmx.at gmx.com gmx.de gmx.net googlemail.com
  hotmail.com hotmail.co.uk hotmail.de hotmail.fr icloud.com inbox.ru laposte.net libero.it list.ru live.com mac.com
  mail.com mail.ru me.com msn.com naver.com orange.fr outlook.com outlook.de proton.me protonmail.com qq.com rediffmail.com
  rocketmail.com t-online.de tutanota.com tuta.com wanadoo.fr web.de yahoo.com yahoo.co.in yahoo.co.jp yahoo.co.uk yahoo.de
  yahoo.fr yandex.com yandex.ru ymail.com zoho.com zohomail.com`.split(/\s+/),
);

/** Anybody can have an address there, so that the domain says nothing of who writes. */
export const isFreeMail = (domain: string): boolean => FREE_MAIL.has(registeredDomain(domain));

const IN_OTHERS_NAMES = new Set(
  `airbnb.com asana.com atlassian.net bitbucket.org booking.com calendly.com docusign.net dropbox.com ebay.com etsy.com
  eventbrite.com facebookmail.com figma.com github.com gitlab.com google.com googlegroups.com groups.io kleinanzeigen.de
  launchpad.net linkedin.com meetup.com notion.so paypal.com sharepointonline.com shopify.com slack.com sourceforge.net
  substack.com surveymonkey.com trello.com xing.com zoom.us`.split(/\s+/),
);

/** Services that write to one of their users in the name of another. */
export const writesInOthersNames = (domain: string): boolean => IN_OTHERS_NAMES.has(registeredDomain(domain));
