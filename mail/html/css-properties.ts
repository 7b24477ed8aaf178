/** The CSS that a message may use. What can load, run or bind anything is not named here, and so is not kept. */

const words = (text: string): string[] => text.trim().split(/\s+/);

const PROPERTIES = new Set(
  words(`
    accent-color align-content align-items align-self appearance aspect-ratio all backface-visibility
    background background-attachment background-blend-mode background-clip background-color background-image
    background-origin background-position background-position-x background-position-y background-repeat background-size
    border-collapse border-radius border-spacing border-image border-image-outset border-image-repeat border-image-slice
    border-image-source border-image-width
    border-top-left-radius border-top-right-radius border-bottom-left-radius border-bottom-right-radius
    box-decoration-break box-shadow box-sizing break-after break-before break-inside caption-side caret-color clear clip
    clip-path color color-scheme column-count column-fill column-gap column-rule column-rule-color column-rule-style
    column-rule-width column-span column-width columns content counter-increment counter-reset cursor direction display
    empty-cells flex flex-basis flex-direction flex-flow flex-grow flex-shrink flex-wrap float font font-family
    font-feature-settings font-kerning font-size font-size-adjust font-stretch font-style font-synthesis font-variant
    font-variant-caps font-variant-numeric font-weight forced-color-adjust gap grid grid-area grid-auto-columns
    grid-auto-flow grid-auto-rows grid-column grid-column-end grid-column-gap grid-column-start grid-gap grid-row
    grid-row-end grid-row-gap grid-row-start grid-template grid-template-areas grid-template-columns grid-template-rows
    hyphens image-rendering isolation justify-content justify-items justify-self
    bottom left right top inset
    letter-spacing line-break line-height list-style list-style-image list-style-position list-style-type
    mix-blend-mode object-fit object-position opacity order orphans overflow overflow-wrap overflow-x overflow-y
    place-content place-items place-self position print-color-adjust quotes resize row-gap ruby-align ruby-position
    tab-size table-layout text-align text-align-last text-combine-upright text-decoration text-decoration-color
    text-decoration-line text-decoration-skip-ink text-decoration-style text-decoration-thickness text-emphasis
    text-indent text-justify text-orientation text-overflow text-rendering text-shadow text-size-adjust text-transform
    text-underline-offset text-underline-position transform transform-origin
    animation animation-delay animation-direction animation-duration animation-fill-mode animation-iteration-count
    animation-name animation-timing-function transition transition-delay transition-duration transition-property
    transition-timing-function
    unicode-bidi vertical-align visibility white-space widows width word-break word-spacing word-wrap writing-mode
    z-index zoom
    -ms-interpolation-mode -ms-text-size-adjust -moz-text-size-adjust -webkit-text-size-adjust -webkit-font-smoothing
    -moz-osx-font-smoothing -webkit-text-fill-color -webkit-border-radius -moz-border-radius -webkit-box-shadow
    -webkit-box-sizing -moz-box-sizing -webkit-line-clamp -webkit-box-orient -webkit-background-clip
    -webkit-hyphens -ms-hyphens -moz-hyphens -webkit-transform -webkit-tap-highlight-color
    -webkit-print-color-adjust -webkit-appearance
  `),
);

/** Boxes, of which each side and size has a property: `margin-left`, `border-top-color`, `max-width`. */
const BOXES =
  /^(?:(?:margin|padding)(?:-(?:top|right|bottom|left|block|inline)(?:-(?:start|end))?)?|(?:min-|max-)?(?:width|height|inline-size|block-size)|border(?:-(?:top|right|bottom|left|block|inline)(?:-(?:start|end))?)?(?:-(?:color|style|width))?|outline(?:-(?:color|style|width|offset))?)$/;

/** Word reads these and no browser does. Who writes on in a draft that came from it keeps them. */
const OF_WORD = /^mso-[a-z-]+$/;

export const isKeptProperty = (name: string): boolean => PROPERTIES.has(name) || BOXES.test(name) || OF_WORD.test(name);

/** Properties whose value may be a picture. A cursor is none: it would lie about where the reader points. */
export const SHOWS_IMAGES = new Set(
  words("background background-image border-image border-image-source list-style list-style-image"),
);

const FUNCTIONS = new Set(
  words(`
    rgb rgba hsl hsla hwb lab lch oklab oklch color color-mix light-dark
    calc min max clamp round abs sign
    linear-gradient radial-gradient conic-gradient repeating-linear-gradient repeating-radial-gradient
    repeating-conic-gradient -webkit-linear-gradient -webkit-radial-gradient -moz-linear-gradient
    rotate rotatex rotatey rotatez scale scalex scaley skew skewx skewy translate translatex translatey translate3d
    scale3d rotate3d perspective matrix matrix3d
    cubic-bezier steps
    minmax repeat fit-content
    rect inset circle ellipse polygon
    counter counters
  `),
);

export const isKeptFunction = (name: string): boolean => FUNCTIONS.has(name);
