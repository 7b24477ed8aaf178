/** The package has no types of its own; these are what its README shows. */
declare module "parse-prometheus-text-format" {
  export interface Family {
    name: string;
    help: string;
    type: string;
    metrics: { labels?: Record<string, string>; value: string }[];
  }
  export default function parsePrometheus(text: string): Family[];
}
