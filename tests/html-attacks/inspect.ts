/** Looks through a tree, as a parser that is not told what was cleaned makes it, for anything that may do something. */
import { html as names, parse, type DefaultTreeAdapterTypes as Tree } from "parse5";

const ELEMENTS = new Set(
  `html head body style meta a abbr acronym address article aside b bdi bdo big blockquote br caption center cite code
  col colgroup dd del details dfn dir div dl dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hgroup hr i img
  ins kbd li main map area mark menu nav ol p picture pre q rp rt ruby s samp section small source span strike strong sub
  summary sup table tbody td tfoot th thead time tr tt u ul var wbr`.split(/\s+/),
);
const INSIDE = /^(?:cid:[^\s"'()<>]*|data:image\/(?:png|gif|jpe?g|webp|avif|bmp|x-icon);base64,[\w+/=]*)$/i;
const IMAGE = /^(?:data:text\/x-remote-image,https?:\/\/[^\s"'()<>\\]+|\/v1\/proxy\/image\?[\w=&.%~-]+)$/;
const isImage = (text: string) => INSIDE.test(text) || IMAGE.test(text);

/** What is wrong with a piece of HTML that was made safe. */
export function complaintsOf(html: string): string[] {
  const document = parse(html, { scriptingEnabled: false });
  return document.childNodes.flatMap((node) => (node.nodeName === "#documentType" ? [] : complaintsAt(node)));
}

function complaintsAt(node: Tree.ChildNode): string[] {
  if (node.nodeName === "#text") return [];
  if (!("tagName" in node)) return [`a ${node.nodeName}`];
  const { tagName, namespaceURI, attrs } = node;
  if (namespaceURI !== names.NS.HTML || !ELEMENTS.has(tagName)) return [`<${tagName}>`];
  const attributes = attrs.filter(({ name, value }) => !isHarmless(tagName, name, value));
  const css = tagName === "style" ? node.childNodes.map((child) => ("value" in child ? child.value : "")).join("") : "";
  const unsafe = [
    ...attributes.map(({ name, value }) => `<${tagName} ${name}="${value}">`),
    ...cssComplaints(css),
    ...(tagName === "meta" && !/^(supported-)?color-schemes?$/i.test(attrs[0]?.value ?? "") ? ["<meta>"] : []),
  ];
  return [...unsafe, ...("childNodes" in node ? node.childNodes.flatMap(complaintsAt) : [])];
}

function isHarmless(element: string, name: string, value: string): boolean {
  switch (name) {
    case "href":
      return /^(?:https?:\/\/|mailto:|tel:|#mail-)/.test(value);
    case "src":
    case "background":
      return isImage(value);
    case "srcset":
      return value.split(", ").every((candidate) => isImage(candidate.split(" ")[0] ?? ""));
    case "style":
      return cssComplaints(value).length === 0;
    case "id":
    case "name":
      return value.startsWith("mail-") || element === "meta";
    case "usemap":
      return value.startsWith("#mail-");
    case "target":
      return value === "_blank";
    default:
      return !/^on|^(?:action|formaction|data|srcdoc|ping|poster|form|is|slot|part|popover|autofocus|download)$|:/.test(
        name,
      );
  }
}

/** Strings say nothing to a browser; what is left of CSS is looked through as text. */
function cssComplaints(css: string): string[] {
  const bare = css.replaceAll(/'(?:[^'\\]|\\.)*'/gs, "''");
  const urls = Array.from(bare.matchAll(/(?<![\w-])url\(([^)]*)\)/gi), ([, address = ""]) => address);
  const rest = bare.replaceAll(/(?<![\w-])url\([^)]*\)/gi, "");
  return [
    ...urls.filter((address) => !isImage(address)).map((address) => `url(${address})`),
    ...(/[<"]|@(?!media|supports|keyframes|-webkit-keyframes)|expression|behavior|binding|image-set|\bvar\(|position: *(?:fixed|sticky)|src:/i.exec(
      rest.replaceAll(/@media [^{]*/g, "@media "),
    ) ?? []),
  ];
}
