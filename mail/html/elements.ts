/**
 * What a message may consist of. Anything that is not named here has no place in what is given out: an element that is
 * unknown gives way to its content, and one whose content is not for reading goes with it.
 */

const words = (text: string): string[] => text.trim().split(/\s+/);

export const KEPT_ELEMENTS = new Set(
  words(`
    html head body style
    a abbr acronym address article aside b bdi bdo big blockquote br caption center cite code col colgroup dd del details
    dfn dir div dl dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hgroup hr i img ins kbd li main map area
    mark menu nav ol p picture pre q rp rt ruby s samp section small source span strike strong sub summary sup table
    tbody td tfoot th thead time tr tt u ul var wbr
  `),
);

/** Gone with all that is in them. Forms are not here: they give way to their text, and their fields are not kept. */
export const DROPPED_ELEMENTS = new Set(
  words(`
    script template title iframe frame frameset noframes noembed applet embed param canvas dialog datalist select
    option optgroup textarea input output progress meter portal fencedframe track link meta base
  `),
);

/** On any element. None of them names an address or a handler. */
const GLOBAL = words(`
  class dir hidden lang role title align valign bgcolor color width height nowrap
  aria-hidden aria-label aria-level aria-roledescription
`);

const LENGTHS = words("border bordercolor cellpadding cellspacing frame rules summary");
const BY_ELEMENT: Record<string, string> = {
  a: "",
  area: "alt coords shape",
  body: "alink link text vlink leftmargin topmargin rightmargin bottommargin marginheight marginwidth",
  br: "clear",
  col: "span char charoff",
  colgroup: "span char charoff",
  del: "datetime",
  details: "open",
  font: "face size",
  hr: "noshade size",
  img: "alt border hspace ismap sizes vspace",
  ins: "datetime",
  li: "type value",
  ol: "compact reversed start type",
  source: "sizes type",
  table: LENGTHS.join(" "),
  td: "abbr axis char charoff colspan rowspan scope",
  th: "abbr axis char charoff colspan rowspan scope",
  time: "datetime",
  ul: "compact type",
};
const ATTRIBUTES = new Map(
  Object.entries(BY_ELEMENT).map(([element, names]) => [element, new Set([...GLOBAL, ...words(names)])]),
);
const GLOBAL_ATTRIBUTES = new Set(GLOBAL);

/** Whether an attribute is kept as it is, whatever its value. */
export const isKeptAsItIs = (element: string, attribute: string): boolean =>
  (ATTRIBUTES.get(element) ?? GLOBAL_ATTRIBUTES).has(attribute);

/** Where HTML has a picture behind a text (an old attribute that newsletters use every day). */
export const WITH_BACKGROUND = new Set(words("body table tbody thead tfoot tr td th"));
